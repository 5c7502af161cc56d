"""From the embedded sample to tables: what came in is told, what is told is joined, nothing is made twice."""

from __future__ import annotations

import re
import shutil
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest

from genemine.config import Settings, load_settings
from genemine.errors import StorageError
from genemine.pipeline.collect import collect_new
from genemine.pipeline.mine import MineReport, find_batches, mine
from genemine.pipeline.publish import release
from genemine.pipeline.sample import SAMPLE_QUERY, SAMPLE_TODAY, serving
from genemine.pipeline.show import best_rows, count_rows, gate_page, run_page
from genemine.pipeline.summary import shown, summary
from genemine.pipeline.validate import validate
from genemine.pipeline.validate_report import Verdict
from genemine.review.events import Event
from genemine.review.verdicts import VerdictStore
from genemine.sample import records_folder
from genemine.sample.index import load_folder
from genemine.storage.layout import Layout
from genemine.storage.manifest import latest_run, read_manifest
from genemine.tables.csv_cells import GUARDED
from genemine.tables.files import read_table
from genemine.tables.schema import TABLES


def sample_settings(folder: Path, **overrides: object) -> Settings:
    return load_settings(data_dir=folder, entrez__source="sample", **overrides)


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A data folder into which the sample was collected."""
    folder = tmp_path_factory.mktemp("data")
    with serving() as url:
        chosen = sample_settings(folder, entrez__base_url=url)
        collect_new(SAMPLE_QUERY, chosen, SAMPLE_TODAY, first_days=0)
    return chosen


@pytest.fixture(scope="module")
def report(settings: Settings) -> MineReport:
    return mine(settings)


def table(report: MineReport, name: str) -> pd.DataFrame:
    return read_table(report.folder, name)


def files_below(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_every_record_served_is_in_articles_or_dropped(report: MineReport) -> None:
    served = {str(pmid) for pmid in load_folder(records_folder()).records}
    articles, dropped = set(table(report, "articles")["pmid"]), set(table(report, "dropped")["pmid"])
    assert articles | dropped == served
    assert not articles & dropped
    assert report.counts["records"] == len(served)


def test_every_run_has_a_report_of_all_its_associations(report: MineReport) -> None:
    page = (report.folder / "report.html").read_text(encoding="utf-8")
    assert all(association_id in page for association_id in table(report, "associations")["association_id"])
    assert f"<title>genemine {report.run_id}</title>" in page


def test_mentions_say_the_words_at_their_offsets(report: MineReport) -> None:
    articles = table(report, "articles").set_index("pmid")
    texts = {pmid: f"{row.title}\n{row.abstract}" if row.abstract else row.title for pmid, row in articles.iterrows()}
    mentions = table(report, "mentions")
    assert len(mentions) > 500
    for row in mentions.itertuples():
        assert texts[row.pmid][row.start : row.end] == row.text


def test_the_three_tables_are_joined_by_their_id(report: MineReport) -> None:
    associations, evidence, relations = (table(report, name) for name in ("associations", "evidence", "relations"))
    associations = associations[associations["direction"] != "implied"]  # these have no sentence
    ids = set(associations["association_id"])
    assert len(ids) == len(associations) > 20
    assert set(evidence["association_id"]) == ids
    assert ids <= set(relations["association_id"])
    first = evidence[evidence["rank"] == 1].set_index("association_id")
    denied = set(associations[associations["direction"] == "denied"]["association_id"])
    assert denied == set(first[first["stance"] == "denied"].index)
    assert set(associations["association_id"][-len(denied) :]) == denied, "they come last"
    assert set(first["stance"]) == {"supporting", "speculative", "denied"}
    assert (first.loc[associations["association_id"], "sentence"].to_numpy() == associations["best_sentence"].to_numpy()).all()


def test_evidence_shows_its_names_and_which_words_raised_the_score(report: MineReport) -> None:
    evidence = table(report, "evidence")
    for row in evidence.itertuples():
        assert row.sentence[row.gene_start : row.gene_end] == row.gene_text
        assert row.sentence[row.disease_start : row.disease_end] == row.disease_text
        spans = [[int(n) for n in re.split("[-:]", part)] for part in row.attention.split("|")]
        assert all(0 <= start < end <= len(row.sentence) and percent >= 1 for start, end, percent in spans)
        assert all(before[1] <= after[0] for before, after in pairwise(spans))
        assert 50 <= sum(percent for _, _, percent in spans) <= 100
        names = {(row.gene_start, row.gene_end), (row.disease_start, row.disease_end)}
        assert not names & {(start, end) for start, end, _ in spans}, "marked anyhow"


def test_a_textbook_pair_is_found_in_several_articles(report: MineReport) -> None:
    associations = table(report, "associations")
    pair = associations[(associations["gene_curie"] == "ncbigene:672") & (associations["disease_curie"] == "mesh:D001943")]
    assert len(pair) == 1
    assert pair["n_articles"].item() >= 3


def test_a_retracted_article_counts_for_nothing(report: MineReport) -> None:
    articles, evidence = table(report, "articles"), table(report, "evidence")
    retracted = set(articles[articles["flags"].str.split("|").map(lambda flags: "retracted" in flags)]["pmid"])
    assert retracted
    assert set(evidence[evidence["pmid"].isin(retracted)]["stance"]) <= {"retracted"}
    counted = {pmid for cell in table(report, "associations")["pmids"] for pmid in cell.split("|") if pmid}
    assert not counted & retracted


def test_csv_and_parquet_say_the_same(report: MineReport) -> None:
    for one in TABLES:
        parquet = table(report, one.name)
        csv = pd.read_csv(report.folder / f"{one.name}.csv", dtype=parquet.dtypes.to_dict(), keep_default_na=False, na_values=[""])
        empty = parquet.select_dtypes("string").columns
        csv[empty] = csv[empty].fillna("").replace(GUARDED, "", regex=True)
        pd.testing.assert_frame_equal(csv, parquet)


def test_the_workbook_has_every_association_and_sentence(report: MineReport) -> None:
    names = ["associations", "candidates", "inherited", "evidence"]
    sheets = pd.read_excel(
        report.folder / "genemine.xlsx", sheet_name=[*names, "about"], dtype={"pmid": str}, keep_default_na=False
    )
    for name in names:
        want = table(report, name)
        hidden = {"gene_start", "gene_end", "disease_start", "disease_end", "attention"}
        assert list(sheets[name].columns) == [column for column in want.columns if name != "evidence" or column not in hidden]
        assert sheets[name].iloc[:, 0].astype(str).tolist() == want.iloc[:, 0].astype(str).tolist()
    assert sheets["associations"]["score"].tolist() == pytest.approx(table(report, "associations")["score"].tolist(), rel=1e-12)
    assert sheets["evidence"]["sentence"].tolist() == table(report, "evidence")["sentence"].tolist()
    assert sheets["about"].columns[1] == report.run_id


def test_the_manifest_tells_what_went_in_and_came_out(report: MineReport, settings: Settings) -> None:
    manifest = read_manifest(report.folder)
    counts = manifest["counts"]
    assert counts["records"] == counts["articles"] + sum(counts["dropped"].values())
    assert manifest["tables"] == {one.name: len(table(report, one.name)) for one in TABLES}
    assert [f"{shard['shard']}" for shard in manifest["inputs"]] == find_batches(settings)
    assert "api_key" not in manifest["settings"]["entrez"]
    assert manifest["versions"]["genemine"]


def test_the_summary_names_the_best_association_with_its_sentence(report: MineReport) -> None:
    best = table(report, "associations").iloc[0]
    printed = summary(report.folder)
    assert f" 1. {best.gene_name} - {best.disease_name}" in printed
    assert " ".join(best.best_sentence.split()) in " ".join(printed.split())
    assert "No curated pairs given" in printed
    assert set(table(report, "associations")["known_in"]) == {"no curated pairs given"}


def test_the_pages_for_the_ui_tell_counts_best_pairs_and_the_verdict(report: MineReport) -> None:
    best, page = table(report, "associations").iloc[0], run_page(report.folder)
    assert page.count("](data:image/svg+xml;base64,") == 2
    assert "| dedup: exact copy | 1 |" in page
    assert f"Tables: `{report.folder.resolve()}`; open `associations.csv` first" in page
    first = best_rows(report.folder)[0]
    assert (first["gene"], first["disease"], first["sentence"]) == (best.gene_name, best.disease_name, best.best_sentence)
    assert {"what": "articles kept", "count": str(report.counts["articles"])} in count_rows(report.folder)
    assert gate_page(report.folder).startswith("# Gate: first\n\nIn use: the first run")


def test_mining_again_changes_no_byte(report: MineReport, settings: Settings) -> None:
    before = files_below(settings.data_dir / "processed")
    again = mine(settings)
    assert again.reused
    assert again.folder == report.folder
    assert files_below(settings.data_dir / "processed") == before


def test_a_higher_threshold_makes_new_tables_and_no_new_shard(report: MineReport, settings: Settings, tmp_path: Path) -> None:
    copy = tmp_path / "data"
    shutil.copytree(settings.data_dir, copy, symlinks=True)
    changed = sample_settings(copy, relate__min_score=0.9)
    before = files_below(copy / "processed")
    again = mine(changed)
    after = files_below(copy / "processed")
    assert not again.reused
    assert {name for name in before if after[name] != before[name] and not name.startswith("latest/")} == set()
    assert again.counts["associations"] < report.counts["associations"]


def test_tables_too_unlike_those_in_use_are_held_back_until_a_person_releases_them(
    report: MineReport, settings: Settings, tmp_path: Path
) -> None:
    """Held back they are complete, made once, and nothing is compared with them; released they are in use, by whom."""
    copy = tmp_path / "data"
    shutil.copytree(settings.data_dir, copy, symlinks=True)
    layout, strict = Layout(copy), {"gate__min_articles": 10, "gate__min_rows": 10}
    changed = sample_settings(copy, relate__min_score=0.9, **strict)
    held, again = mine(changed), mine(changed)
    assert latest_run(layout) == layout.run(report.run_id).resolve()
    assert (held.reused, again.reused, again.run_id, again.held) == (False, True, held.run_id, held.held)
    assert [why.partition(":")[0] for why in held.held] == ["rows", "associations", "made by other means than the run before"]
    assert "setting relate.min_score: None then, 0.9 now" in held.held[2]
    assert f"release` with run `{held.run_id}`" in gate_page(held.folder)
    assert "**Held back**: these tables are not in use" in run_page(held.folder)
    gate = read_manifest(held.folder)["gate"]
    assert (gate["verdict"], gate["compared_with"]) == ("held back", report.run_id)
    assert {line["check"] for line in gate["lines"] if line["check"].startswith("validate")} == {
        f"validate: {name}" for name in ("tables", "in no table", "from nowhere", "revisions", "duplicates")
    }
    line = next(line for line in validate(changed, offline=True, sample=0).lines if line.check == "gate")
    assert (line.verdict, held.run_id in line.mend) == (Verdict.WARN, True)
    assert release(held.run_id, changed, "Ada", "a stricter threshold") == f"run {held.run_id} is in use now"
    assert latest_run(layout) == held.folder.resolve()
    note = read_manifest(held.folder)["gate"]["release"]
    assert (note["by"], note["why"]) == ("Ada", "a stricter threshold")
    assert mine(changed).held == ()
    with pytest.raises(StorageError, match=f"older than run {held.run_id}, which is in use; --force goes back to it"):
        release(report.run_id, changed, "Ada", "no")
    with pytest.raises(StorageError, match=r"no run '\.\./latest'; the newest there: .*" + held.run_id):
        release("../latest", changed, "Ada", "no")
    assert release(report.run_id, changed, "Ada", "back", force=True).endswith(f"run {held.run_id} was set aside")
    assert mine(changed).held == (f"set aside by Ada on {note['at'][:10]}: back",)
    assert latest_run(layout) == layout.run(report.run_id).resolve()
    (layout.latest / "relations.parquet").unlink()
    blind = mine(sample_settings(copy, relate__min_score=0.95, **strict))
    assert (blind.held, latest_run(layout)) == ((), blind.folder.resolve())
    assert "not compared" in gate_page(blind.folder)
    free = mine(sample_settings(copy, relate__min_score=0.1, gate__enabled=False, **strict))
    assert (free.held, read_manifest(free.folder)["gate"]["verdict"]) == ((), "off")


def test_the_sample_and_other_sources_are_never_mixed(settings: Settings) -> None:
    other = load_settings(data_dir=settings.data_dir)
    with pytest.raises(StorageError, match="nothing is collected yet"):
        find_batches(other)


def test_revisions_deletions_and_copies_are_told_with_their_reasons(tmp_path: Path) -> None:
    """The sample's files put into data/raw by hand, in order, as update files are."""
    raw = tmp_path / "raw" / "updates"
    raw.mkdir(parents=True)
    for path in records_folder().glob("*.xml"):
        shutil.copy(path, raw / path.name)
    report = mine(load_settings(data_dir=tmp_path))
    dropped = table(report, "dropped")
    reasons = dropped.groupby("reason")["pmid"].agg(list).to_dict()
    assert len(reasons["stale revision"]) == 3
    assert len(reasons["deleted by PubMed"]) == 1
    assert (reasons["exact copy"], reasons["near copy"]) == (["99000072"], ["99000071"])
    assert not set(table(report, "articles")["pmid"]) & {*reasons["deleted by PubMed"], "99000071", "99000072"}
    duplicates = table(report, "duplicates")
    assert duplicates[["pmid", "reason"]].to_numpy().tolist() == [["99000071", "near copy"], ["99000072", "exact copy"]]
    assert set(duplicates["kept_pmid"]) <= set(table(report, "articles")["pmid"])
    assert 0.8 <= duplicates["similarity"][0] < duplicates["similarity"][1] == 1
    assert report.counts["copies"] == 2
    assert "copies of other articles               2" in summary(report.folder)
    assert report.counts["records"] == report.counts["articles"] + sum(report.counts["dropped"].values())
    assert report.counts["deletions"] == 2
    assert "deletion notices read" in summary(report.folder)
    assert latest_run(Layout(tmp_path)) == report.folder.resolve()
    strict = mine(load_settings(data_dir=tmp_path, copies__min_similarity=0.99))
    assert not strict.reused, "other copies make other tables"
    assert table(strict, "duplicates")["pmid"].tolist() == ["99000072"]


def test_no_score_is_shown_as_certain() -> None:
    assert [shown(score) for score in (0.5, 0.9994, 0.9996, 1.0)] == ["0.500", "0.999", ">0.999", ">0.999"]


def test_verdicts_make_new_tables_once_and_take_what_is_rejected_out(
    report: MineReport, settings: Settings, tmp_path: Path
) -> None:
    copy = tmp_path / "data"
    shutil.copytree(settings.data_dir, copy, symlinks=True)
    changed = sample_settings(copy)
    associations = table(report, "associations").set_index("association_id")
    single = table(report, "evidence").merge(associations[associations["n_sentences"] == 1], on="association_id").iloc[0]
    best = table(report, "evidence").iloc[0]
    with VerdictStore(Layout(copy).verdicts) as store:
        for row, verdict in ((single, "wrong gene"), (best, "accept")):
            pair = associations.loc[row["association_id"]]
            said = Event(f"event-{verdict}", "Anna", verdict, f"CARD-{verdict}", gene_curie=pair["gene_curie"],
                         disease_curie=pair["disease_curie"], pmid=row["pmid"], sentence=row["sentence"])  # fmt: skip
            store.add([said])
    judged = mine(changed)
    assert not judged.reused
    assert set(associations.index) - set(table(judged, "associations")["association_id"]) == {single["association_id"]}
    assert table(judged, "rejected")[["association_id", "is_pair_out", "why", "n_curators"]].to_numpy().tolist() == [
        [single["association_id"], True, "wrong gene", 1]
    ]
    assert table(judged, "associations").iloc[0]["verdict"] == "accepted"
    counts = judged.counts
    assert [counts[name] for name in ("accepted", "rejected", "rejected_pairs", "lapsed_verdicts")] == [1, 1, 1, 0]
    assert read_manifest(judged.folder)["verdicts"]["cards"] == {"accepted": 1, "rejected": 1}
    assert "rejected by curators                   1" in summary(judged.folder)
    assert mine(changed).reused, "no verdict since"
    with VerdictStore(Layout(copy).verdicts) as store:
        store.undo("undo-0001", "Anna")
        store.undo("undo-0002", "Anna")
    assert mine(changed).counts == report.counts, "all taken back"
