"""The page as a whole: self-contained, readable, honest."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest
from made_up_run import MANIFEST, WORLD, comparison, write_run

from circlesim.errors import ConfigError, RunError
from circlesim.reporting.report import write_report


def bare_run(folder: Path) -> Path:
    """A run folder with nothing but the two files a report needs."""
    comparison().to_csv(folder / "comparison.csv", index=False)
    (folder / "manifest.json").write_text(json.dumps(MANIFEST), "utf-8")
    return folder


EVERY = ["en-draws", "zh-draws", "en-luck", "zh-luck"]
VOID = {"meta", "br", "link", "img", "input", "hr"}


class Reader(HTMLParser):
    """Follows the tags and complains where they do not nest."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.ids: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag, attrs) -> None:
        found = dict(attrs)
        self.tags.append((tag, found))
        if "id" in found:
            self.ids.append(found["id"])
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag


def read(page: str) -> Reader:
    reader = Reader()
    reader.feed(page)
    reader.close()
    return reader


@pytest.mark.parametrize("key", EVERY)
def test_every_tag_is_closed_and_every_id_is_unique(pages, key):
    reader = read(pages[key])
    assert reader.open == []
    assert len(reader.ids) == len(set(reader.ids))


@pytest.mark.parametrize("key", EVERY)
def test_a_page_fetches_nothing(pages, key):
    page = pages[key]
    reader = read(page)
    assert not {tag for tag, _ in reader.tags} & {"script", "link", "img", "iframe", "image", "object", "embed"}
    for tag, attributes in reader.tags:
        for name in ("src", "href", "xlink:href", "data", "style"):
            value = attributes.get(name) or ""
            outside = "//" in value or "url(h" in value
            assert not outside or (tag == "a" and name == "href"), (tag, name, value)
    text = re.sub(r"<a href=\"[^\"]*\">[^<]*</a>", "", page)
    assert "http" not in text
    assert "@import" not in page


@pytest.mark.parametrize("key", EVERY)
def test_every_figure_names_itself_and_every_table_its_columns(pages, key):
    reader = read(pages[key])
    for tag, attributes in reader.tags:
        if tag == "svg":
            title, description = (attributes["aria-labelledby"] or "").split()
            assert {title, description} <= set(reader.ids)
            assert attributes["role"] == "img"
        if tag == "th":
            assert attributes["scope"] in ("col", "row")
    drawn = sum(tag == "svg" for tag, _ in reader.tags)
    assert drawn == pages[key].count("<figure>") == 19
    assert pages[key].count("<figure>") <= pages[key].count("<details>")


def test_text_in_figures_is_live_and_in_the_language_of_the_page(pages):
    assert re.search(r"<text[^>]*>步行不可达</text>", pages["zh-draws"])
    assert re.search(r"<text[^>]*>out of walking reach</text>", pages["en-draws"])
    assert "font-family: '" not in pages["zh-draws"]
    assert '<html lang="zh-CN">' in pages["zh-draws"]


@pytest.mark.parametrize("key", EVERY)
def test_no_p_value_and_no_verdict_on_ninety_per_cent(pages, key):
    assert "p-value" not in pages[key]
    assert "0.0004" not in pages[key]
    assert "p_value" not in pages[key]
    assert re.search("no verdict|不作判断", pages[key])


@pytest.mark.parametrize("key", EVERY)
def test_groups_under_thirty_stand_nowhere(pages, key):
    """The made-up file holds 12 homebound residents and a square of 12; a real one would not."""
    assert "homebound" not in pages[key]
    assert "不能出户" not in pages[key]
    assert "1,250, 950" not in pages[key]


def test_a_page_says_what_the_range_costs_where_there_is_none(pages):
    assert "circlesim run experiment.toml --set assumptions=50" in pages["en-luck"]
    assert "It takes about 7 minutes." in pages["en-luck"]
    assert "约需7分钟" in pages["zh-luck"]
    assert "It takes about" not in pages["en-draws"]


@pytest.mark.parametrize("key", EVERY)
def test_a_synthetic_town_is_labelled_at_the_head_and_at_the_foot(pages, key):
    label = "Synthetic town: no real place" if key.startswith("en") else "合成街区：并非真实地点"
    head, foot = pages[key].split("<main>")[0], pages[key].split("<footer>")[1]
    assert label in head
    assert label in foot


def test_licences_and_digests_are_printed(pages):
    assert "© OpenStreetMap contributors, ODbL 1.0" in pages["en-draws"].split("<footer>")[1]
    assert "ab12" * 16 in pages["en-draws"]
    assert "20230711" in pages["en-draws"]


def test_a_real_world_carries_its_title_in_its_language(tmp_path):
    run = bare_run(tmp_path)
    titles = {"en": "Engine on real streets, not a finding", "zh": "真实街道上的引擎，并非结论"}
    world = WORLD | {"synthetic": False, "title": titles, "name": "helsinki", "currency": "euro"}
    facts = MANIFEST | {"world": world}
    (run / "manifest.json").write_text(json.dumps(facts), "utf-8")
    table = comparison()
    table["unit"] = table["unit"].str.replace("yuan", "euro")
    table.to_csv(run / "comparison.csv", index=False)
    english, chinese = (write_report(run, lang).read_text("utf-8") for lang in ("en", "zh"))
    assert titles["en"] in english
    assert "Synthetic town" not in english
    assert "yuan per resident-day" not in english
    assert "euro per resident-day" in english
    assert titles["zh"] in chinese
    assert "欧元/人·天" in chinese


def test_a_hostile_name_stays_text(tmp_path):
    run = write_run(tmp_path)
    bad = '<script>alert("$x^2$")</script>'
    for name in ("comparison", "unmet", "switching", "facilities", "hourly", "cells", "pushed_out"):
        table = pd.read_csv(run / f"{name}.csv", keep_default_na=False)
        table.replace({"scenario": {"four counters": bad}}).to_csv(run / f"{name}.csv", index=False)
    facts = json.dumps(MANIFEST | {"question": bad}).replace('"four counters"', json.dumps(bad))
    (run / "manifest.json").write_text(facts, "utf-8")
    page = write_report(run, "en").read_text("utf-8")
    assert "<script" not in page
    assert "&lt;script&gt;alert(" in page
    read(page)


def test_scenarios_named_like_missing_values_are_scenarios(tmp_path):
    run = bare_run(tmp_path)
    for path in [*run.glob("*.csv"), run / "manifest.json"]:
        path.write_text(
            path.read_text("utf-8").replace("four counters", "NA").replace("keep cash", "null"), "utf-8"
        )
    page = write_report(run, "en").read_text("utf-8")
    assert "‘NA’ compared with ‘as is’" in page
    assert "‘null’ compared with ‘cashless drift’" in page


def test_a_run_of_one_scenario_says_that_nothing_was_compared(tmp_path):
    run = write_run(tmp_path)
    comparison().head(0).to_csv(run / "comparison.csv", index=False)
    facts = MANIFEST | {"scenarios": ["as is"], "baselines": {"as is": "as is"}, "policies": {"as is": []}}
    (run / "manifest.json").write_text(json.dumps(facts), "utf-8")
    assert "nothing to compare" in write_report(run, "en").read_text("utf-8")


def test_a_run_with_two_files_alone_still_has_a_first_page(tmp_path):
    page = write_report(bare_run(tmp_path), "zh").read_text("utf-8")
    assert "“four counters”与“as is”相比" in page
    read(page)


def test_a_folder_that_is_no_run_is_refused_with_everything_missing(tmp_path):
    with pytest.raises(RunError) as caught:
        write_report(tmp_path)
    assert {Path(fault.where).name for fault in caught.value.faults} == {"manifest.json", "comparison.csv"}
    assert list(tmp_path.iterdir()) == []


def test_a_language_nobody_wrote_is_refused(run_without_draws):
    with pytest.raises(ConfigError, match="expected en or zh"):
        write_report(run_without_draws, "fr")


def test_the_same_run_gives_the_same_page(run_without_draws, pages, tmp_path):
    again = write_report(run_without_draws, "zh", tmp_path / "deep" / "again.html")
    assert again.read_text("utf-8") == pages["zh-luck"]


def test_failed_units_are_told_on_the_first_page(tmp_path):
    run = bare_run(tmp_path)
    facts = MANIFEST | {"units": {"planned": 20, "done": 18, "failed": 2}}
    (run / "manifest.json").write_text(json.dumps(facts), "utf-8")
    assert "2 units of the run failed" in write_report(run).read_text("utf-8").split("<main>")[0]
