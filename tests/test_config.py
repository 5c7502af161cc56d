"""Settings: where they come from, which counts, and what is refused."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from genemine.config import OPTION, Settings, load_settings, resolve_settings
from genemine.config.environment import SHORT_NAMES, every_setting
from genemine.config.explain import helps, toml_page
from genemine.errors import ConfigError


def test_filters_are_read_from_the_file(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text('[clean]\nlanguages = ["eng", "Fre"]\nexclude_types = ["Editorial"]\n')
    found = load_settings(file).clean
    assert (found.languages, found.exclude_types) == (("eng", "Fre"), ("Editorial",))


@pytest.mark.parametrize(
    ("languages", "message"),
    [
        (["eng", "en"], r"setting 'clean\.languages' holds 'en'; MEDLINE's codes have three letters, such as \"eng\""),
        (["english"], r"holds 'english'"),
        ([""], r"holds ''"),
        ("eng", r"setting 'clean\.languages' is 'eng'; a list of texts is needed"),
    ],
)
def test_language_codes_of_another_kind_are_refused(languages: object, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        load_settings(clean__languages=languages)


def test_a_use_without_a_threshold_is_refused() -> None:
    assert load_settings(relate__use="high_recall").relate.use == "high_recall"
    with pytest.raises(
        ConfigError, match=r"setting 'relate\.use' is 'best'; it must be one of balanced, high_precision, high_recall"
    ):
        load_settings(relate__use="best")


def test_a_switch_is_true_or_false(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text("[annotate]\nconsistency = false\n")
    assert load_settings(file).annotate.consistency is False
    with pytest.raises(ConfigError, match=r"setting 'annotate\.consistency' is 'no'; true or false is needed"):
        load_settings(annotate__consistency="no")


def test_an_option_goes_before_the_environment_that_before_the_file_that_before_the_default(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text("[link]\nmin_score = 0.6\nnames = 'a'\n[annotate]\nworkers = 3\n")
    environ = {"GENEMINE_LINK_MIN_SCORE": "0.7", "GENEMINE_ANNOTATE_WORKERS": "4", "GENEMINE_LINK_BUNDLE": "", "HOME": "/"}
    found = resolve_settings(file, environ, annotate__workers=5, data_dir=tmp_path, entrez__source=None)
    assert (found.settings.link.names, found.settings.link.min_score, found.settings.annotate.workers) == ("a", 0.7, 5)
    assert found.origins == {
        "link.names": str(file),
        "link.min_score": "GENEMINE_LINK_MIN_SCORE",
        "annotate.workers": OPTION,
        "data_dir": OPTION,
    }


def test_the_environment_sets_every_kind_of_setting_and_its_long_names_go_before_the_short() -> None:
    environ = {
        "NCBI_EMAIL": "short@example.org",
        "GENEMINE_ENTREZ_EMAIL": "long@example.org",
        "GENEMINE_BULK_URL": "http://127.0.0.1:1",
        "GENEMINE_ANNOTATE_CONSISTENCY": "No",
        "GENEMINE_RELATE_MIN_SCORE": "1",
        "GENEMINE_CLEAN_LANGUAGES": "eng, fre",
        "GENEMINE_DATA_DIR": "there",
    }
    found = load_settings(environ=environ)
    assert (found.entrez.email, found.bulk.base_url) == ("long@example.org", "http://127.0.0.1:1/")
    assert (found.annotate.consistency, found.relate.min_score, found.clean.languages) == (False, 1, ("eng", "fre"))
    assert found.data_dir == Path("there")


@pytest.mark.parametrize(
    ("variable", "text", "message"),
    [
        (
            "GENEMINE_LINK_MIN_SCORE",
            "high",
            r"^environment variable GENEMINE_LINK_MIN_SCORE is 'high'; a number is needed; correct",
        ),
        ("GENEMINE_TRAIN_EPOCHS", "1.5", r"^environment variable GENEMINE_TRAIN_EPOCHS is '1\.5'; a whole number is needed"),
        ("GENEMINE_ANNOTATE_CONSISTENCY", "2", r"GENEMINE_ANNOTATE_CONSISTENCY is '2'; true or false is needed"),
        ("GENEMINE_LINK_MIN_SCORE", "7", r"^GENEMINE_LINK_MIN_SCORE: setting 'link\.min_score' is 7; it must lie between 0 and 1"),
        (
            "GENEMINE_LINK_SCORE",
            "1",
            r"^environment variable GENEMINE_LINK_SCORE: 'link' has no setting 'score'; known: lexicon, nam",
        ),
        (
            "GENEMINE_SCALE_EXECUTOR",
            "spark",
            r"GENEMINE_SCALE_EXECUTOR: setting 'scale\.executor' is 'spark'; it must be one of proc",
        ),
    ],
)
def test_a_wrong_variable_is_named(variable: str, text: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        load_settings(environ={variable: text})


def test_a_wrong_line_is_told_with_its_file(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    for line, message in (
        ("data_dir = 3", "setting 'data_dir' is 3; text is needed"),
        ("[link]\nmin_scores = 1", r"unknown setting 'link\.min_scores'; known: lexicon"),
        ("[links]\nmin_score = 1", "unknown setting 'links'; known tables: entrez"),
    ):
        file.write_text(line)
        with pytest.raises(ConfigError, match=rf"^{re.escape(str(file))}: {message}"):
            load_settings(file)


def test_every_setting_says_what_it_means_and_the_page_is_what_the_dataclasses_say(tmp_path: Path) -> None:
    """A setting without a comment on its line fails here; `make docs` renews the page."""
    assert [name for name in every_setting() if not helps().get(name)] == []
    page = Path(__file__).resolve().parents[1] / "docs" / "settings.md"
    assert f"```toml\n{toml_page()}```\n" in page.read_text(encoding="utf-8")
    for variable in SHORT_NAMES:
        assert f"| `{variable}` | `{SHORT_NAMES[variable]}`" in page.read_text(encoding="utf-8")
    (tmp_path / "defaults.toml").write_text(toml_page())
    assert load_settings(tmp_path / "defaults.toml") == Settings()
