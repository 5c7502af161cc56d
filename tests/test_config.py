"""Settings that would silently empty the tables are refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from genemine.config import load_settings
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
