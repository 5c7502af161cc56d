"""Checks of the newest run: its tables against what is on disk, and against the models that are installed now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from genemine import __version__
from genemine.errors import StorageError
from genemine.pipeline.curated import curated_sha256
from genemine.pipeline.models import bundle_sha256, linker, stance_sha256
from genemine.pipeline.publish import held_for
from genemine.pipeline.stages import CLEAN, SAMPLE_SOURCE, STAGES, UNREADABLE, Stage, cleaned_from
from genemine.pipeline.validate_facts import MINE, MINE_AGAIN, Facts
from genemine.pipeline.validate_report import Line, failed, number, passed, some, warned
from genemine.pipeline.verdicts import read_judged
from genemine.storage.layout import SHARD_SUFFIX
from genemine.storage.manifest import is_held, later_runs, read_manifest
from genemine.storage.shards import check_shard, shard_fingerprint

# settings that the tables depend on; the others say how PubMed is asked
_DECIDING = ("clean", "copies", "annotate", "link", "relate", "curated")


def check_run(facts: Facts) -> Iterator[Line]:
    """Every table of the newest run is there, readable, and as long as its run.json says."""
    run_id, noted = facts.manifest["run_id"], facts.manifest["tables"]
    wrong = []
    for name, n_noted in noted.items():
        n_there = check_shard(facts.layout.run(run_id) / f"{name}.parquet")
        if n_there != n_noted:
            wrong.append(f"{name}: {n_noted:,} rows noted, {n_there:,} there")
    if wrong:
        yield failed("tables", f"{number(len(wrong), 'table')} of run {run_id} not as its run.json says", MINE_AGAIN, some(wrong))
    else:
        yield passed("tables", f"run {run_id}: {number(len(noted), 'table')}, {number(sum(noted.values()), 'row')}, all readable")


def check_held(facts: Facts) -> Iterator[Line]:
    """No run waits behind the gate for a person; told only where one does."""
    waiting = [folder for folder in later_runs(facts.layout) if is_held(read_manifest(folder))]
    if waiting:
        newest = waiting[-1].name
        why = tuple(held_for(read_manifest(waiting[-1])))
        what = f"the tables of run {newest} are held back: too unlike those before; latest stays as it is"
        yield warned("gate", what, f"look at it, then `genemine release {newest}`, or mend the cause and {MINE}", some(why))


def check_inputs(facts: Facts) -> Iterator[Line]:
    """The tables were made from the raw files that are on disk now; what is damaged is told by the checks of the files."""
    survey = facts.survey
    n, changed = survey.count_and_some(
        "SELECT o.batch FROM outdated o LEFT JOIN files f USING (batch) LEFT JOIN known k USING (batch) "
        "WHERE coalesce(f.damage, '') = '' AND coalesce(f.sha256, '') = coalesce(k.sha256, f.sha256, '')"
    )
    if n:
        yield warned("up to date", f"{number(n, 'raw file')} replaced or removed since the tables were made", MINE, changed)
    names = [
        batch for (batch,) in survey.rows("SELECT batch FROM files WHERE batch NOT IN (SELECT batch FROM inputs) ORDER BY batch")
    ]
    of_sample = any(one["shard"].startswith(f"{SAMPLE_SOURCE}/") for one in facts.manifest["inputs"])
    new = [batch for batch in names if batch.startswith(f"{SAMPLE_SOURCE}/") == of_sample]
    if new:
        n_records = survey.rows("SELECT count(*) FROM records WHERE list_contains(?, batch)", [new])[0][0]
        what = f"{number(len(new), 'raw file')} with {number(n_records, 'record')} not in the tables yet"
        yield warned("up to date", what, MINE, some(new))
    if not n and not new:
        n_mined = survey.rows("SELECT count(*) FROM mined")[0][0]
        yield passed("up to date", f"the tables were made from the {number(n_mined, 'raw file')} on disk")


def check_every_record(facts: Facts) -> Iterator[Line]:
    """A record of a mined file stands in articles, in dropped with its reason, or in duplicates; or its file was refused."""
    survey = facts.survey
    copies = "UNION ALL SELECT pmid FROM run_duplicates" if "duplicates" in facts.manifest["tables"] else ""
    refused = f"r.file IN (SELECT source FROM run_dropped WHERE reason = '{UNREADABLE}')"  # noqa: S608 (SQL of our own)
    lost = (
        "SELECT DISTINCT r.pmid || ' in ' || r.batch FROM records r JOIN mined USING (batch) "  # noqa: S608 (SQL of our own)
        f"ANTI JOIN (SELECT pmid FROM run_articles UNION ALL SELECT pmid FROM run_dropped {copies}) t ON t.pmid = r.pmid WHERE "
    )
    n_refused, some_refused = survey.count_and_some(lost + refused)
    if n_refused:
        what = f"{number(n_refused, 'record')} of files that were refused: hostile, or no PubMed XML from some point on"
        mend = "`genemine quarantine list` tells why; replace or remove the file and run `genemine mine`"
        yield warned("in no table", what, mend, some_refused)
    n, some_lost = survey.count_and_some(f"{lost} NOT {refused}")
    if n:
        what = f"{number(n, 'record')} on disk in no table: neither in articles nor in dropped"
        yield failed("in no table", what, MINE_AGAIN, some_lost)
    elif not n_refused:
        n_pmids = survey.rows("SELECT count(DISTINCT r.pmid) FROM records r JOIN mined USING (batch)")[0][0]
        what = f"none of {number(n_pmids, 'PMID')} on disk: each is in articles, or in dropped with its reason"
        yield passed("in no table", what)


def check_strangers(facts: Facts) -> Iterator[Line]:
    """Every PMID of the tables is in a raw file, or in one that is outdated or damaged and told as such."""
    n, strangers = facts.survey.count_and_some(
        "SELECT DISTINCT t.pmid FROM (SELECT pmid FROM run_articles UNION ALL SELECT pmid FROM run_mentions "
        "UNION ALL SELECT pmid FROM run_relations) t ANTI JOIN records r USING (pmid) "
        "ANTI JOIN (SELECT pmid FROM run_articles JOIN outdated ON file = source) o USING (pmid)"
    )
    if n:
        yield failed("from nowhere", f"{number(n, 'PMID')} in tables and in no raw file", MINE_AGAIN, strangers)
    else:
        yield passed("from nowhere", "every PMID of articles, mentions and relations is in a raw file")


def check_revisions(facts: Facts) -> Iterator[Line]:
    """Each article stands in its newest revision on disk, unless that one was dropped with a reason."""
    n, stale = facts.survey.count_and_some(
        "WITH newest AS (SELECT pmid, max((version, revised)) AS age, arg_max(file, (version, revised)) AS file "
        "FROM records JOIN mined USING (batch) GROUP BY pmid) "
        "SELECT a.pmid || ': ' || a.revised || ' in articles, ' || n.age[2] || ' in ' || n.file FROM run_articles a "
        "JOIN newest n USING (pmid) ANTI JOIN run_dropped d ON d.pmid = n.pmid AND d.source = n.file "
        "AND (d.stage <> 'dedup' OR d.reason = 'deleted by PubMed') WHERE (a.version, a.revised) < n.age"
    )
    if n:
        yield failed("revisions", f"{number(n, 'article')} in an older revision than the newest on disk", MINE_AGAIN, stale)
    else:
        n_articles = facts.survey.rows("SELECT count(*) FROM run_articles")[0][0]
        yield passed("revisions", f"{number(n_articles, 'article')}, each in its newest revision on disk")


def check_duplicates(facts: Facts) -> Iterator[Line]:
    """Each copy names a kept article that is in articles, and is not there itself."""
    if "duplicates" not in facts.manifest["tables"]:
        return
    n, loose = facts.survey.count_and_some(
        "SELECT pmid || ' of ' || kept_pmid FROM run_duplicates WHERE kept_pmid NOT IN (SELECT pmid FROM run_articles) "
        "OR pmid IN (SELECT pmid FROM run_articles)"
    )
    if n:
        yield failed("duplicates", f"{number(n, 'copy', 'copies')} without its kept article, or kept beside it", MINE_AGAIN, loose)
    else:
        n_copies = facts.survey.rows("SELECT count(*) FROM run_duplicates")[0][0]
        yield passed("duplicates", f"{number(n_copies, 'copy', 'copies')}, each with the article that is kept for it")


def check_models(facts: Facts) -> Iterator[Line]:
    """The models, the lexicon, the program and the settings that made the tables are those of today."""
    made, settings = facts.manifest, facts.settings
    now = {
        "tagger": bundle_sha256(settings.annotate)[:12],
        "pair classifier": bundle_sha256(settings.relate)[:12],
        "stance": stance_sha256(settings.relate)[:12] or "cue words",
        "lexicon": linker(settings.link).version[:12],
        "curated pairs": curated_sha256(settings.curated)[:12] or "none",
        "verdicts": read_judged(facts.layout.verdicts).sha256[:12] or "none",
        "genemine": __version__,
    }
    then = {
        "tagger": made["models"]["tagger"]["sha256"][:12],
        "pair classifier": made["models"]["relations"]["sha256"][:12],
        "stance": made["models"].get("stance", {}).get("sha256", "")[:12] or "cue words",
        "lexicon": made["lexicon"]["version"][:12],
        "curated pairs": made.get("curated", {}).get("sha256", "")[:12] or "none",
        "verdicts": made.get("verdicts", {}).get("sha256", "")[:12] or "none",
        "genemine": made["versions"]["genemine"],
    }
    changed = [f"{name}: {then[name]} then, {now[name]} now" for name in now if then[name] != now[name]]
    changed += [f"setting {name}: {before!r} then, {after!r} now" for name, before, after in _other_settings(facts)]
    if changed:
        yield warned(
            "models",
            f"the tables were made by other models or settings ({number(len(changed), 'difference')})",
            MINE,
            some(changed, 8),
        )
    else:
        made_by = ", ".join(f"{name} {version}" for name, version in now.items())
        yield passed("models", f"those of the tables: {made_by}; and so are the settings")


def _other_settings(facts: Facts) -> Iterator[tuple[str, Any, Any]]:
    then = facts.manifest["settings"]
    for stage in _DECIDING:
        for name, after in asdict(getattr(facts.settings, stage)).items():
            before = then.get(stage, {}).get(name)
            if before != (list(after) if isinstance(after, tuple) else after):
                yield f"{stage}.{name}", before, after


def check_shards(facts: Facts) -> Iterator[Line]:
    """The shards behind the tables are whole, and of one fingerprint: made by the models and settings of today."""
    shards = sorted(path for path in facts.layout.processed.glob(f"*/*{SHARD_SUFFIX}") if path.parent != facts.layout.latest)
    damaged = {path: why for path in shards if (why := _damage(path))}
    other: dict[str, int] = {}
    mined = facts.survey.rows("SELECT batch, sha256 FROM files JOIN mined USING (batch) ORDER BY batch")
    for batch, sha256 in mined:
        for stage in STAGES:
            shard = facts.layout.shard(stage.target, batch)
            if shard not in damaged and not shard.exists():
                damaged[shard] = f"{shard}: missing"
            if shard in damaged:
                break  # the stages after it are made from it
            if not _is_made(facts, stage, batch, sha256):
                other[stage.name] = other.get(stage.name, 0) + 1
    if damaged:
        what = f"{number(len(damaged), 'shard')} missing or damaged"
        yield failed("shards", what, f"delete what is named and {MINE}: it is made again", some(list(damaged.values())))
    if other:
        yield warned(
            "shards",
            "shards made by other models or settings than those of today, or of other raw files",
            MINE,
            tuple(f"{name}: {n:,} of {len(mined):,}" for name, n in other.items()),
        )
    if not damaged and not other:
        yield passed("shards", f"{number(len(shards), 'shard')}, whole and made by the models and settings of today")


def _damage(shard: Path) -> str:
    try:
        check_shard(shard)
    except StorageError as error:
        return str(error)
    return ""


def _is_made(facts: Facts, stage: Stage, batch: str, sha256: str) -> bool:
    if stage.name != CLEAN.name:
        return stage.is_made(batch, facts.settings)
    # by the hash that was just taken, not by the one that the ledger remembers
    shard = facts.layout.shard(stage.target, batch)
    return shard_fingerprint(shard, stage.record_type) == cleaned_from(sha256, facts.settings)
