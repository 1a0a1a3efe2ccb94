"""Functional tests: official statistics are fetched from a local server that behaves, and misbehaves, as they do."""

from __future__ import annotations

import gzip
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from vcanalysis import cli
from vcanalysis.core.errors import InputError
from vcanalysis.intake.panel import open_panel
from vcanalysis.intake.statistics import download
from vcanalysis.intake.statistics.download import data_sets, download_all, wanted
from vcanalysis.intake.statistics.fetching import Fetcher

TITLE = "Children looked after in England including adoptions"
PLACE = "time_period,time_identifier,geographic_level,country_code,country_name,region_code,region_name,"
PLACE += "old_la_code,la_name,new_la_code"
WHERE = "2025,Reporting year,Local authority,E92000001,England,E12000001,North,101,Northtown,E09999001"
KINDS = ("Children looked after on 31 March each year", "Children starting to be looked after each year",
         "Children ceasing to be looked after each year")  # fmt: skip
NUMBERS = f"{PLACE},population_type,population_estimate,children_count,rate_per_10000\n"
NUMBERS += "".join(f"{WHERE},{kind},1000,25,250\n" for kind in KINDS)


class Service(ThreadingHTTPServer):
    """A server with answers by path: lists of (status, headers, body), the last of which is given again and again."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers, self.asked = {}, []
        self.base = f"http://127.0.0.1:{self.server_address[1]}/v1"

    def says(self, path, *answers):
        self.answers[f"/v1{path}"] = list(answers)


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append(self.path)
        queue = self.server.answers.get(self.path) or self.server.answers.get(self.path.split("?")[0])
        status, headers, body = (queue.pop(0) if len(queue) > 1 else queue[0]) if queue else (404, {}, b"")
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture
def service():
    server = Service()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def waited():
    return []


@pytest.fixture
def fetch(waited):
    return Fetcher(tries=3, timeout=2.0, wait=1.0, sleep=waited.append)


def told(results, pages=1):
    body = json.dumps({"paging": {"page": 1, "pageSize": 20, "totalPages": pages}, "results": results})
    return 200, {"Content-Type": "application/json; charset=utf-8"}, body.encode()


def as_csv(text, **headers):
    return 200, {"Content-Type": "text/csv", **headers}, text.encode() if isinstance(text, str) else text


def offer_all(service):
    service.says("/publications", told([{"id": "p-1", "title": TITLE}, {"id": "p-2", "title": "Another"}]))
    sets = [{"id": f"d-{k}", "title": row["data_set"]} for k, row in enumerate(wanted())]
    service.says("/publications/p-1/data-sets", told(sets))
    for k in range(len(sets)):
        service.says(
            f"/data-sets/d-{k}/csv", as_csv(gzip.compress(NUMBERS.encode()), **{"Content-Encoding": "gzip"})
        )


def test_what_is_wanted_is_found_by_title_fetched_unpacked_and_kept(service, fetch, tmp_path):
    offer_all(service)
    lines = list(download_all(tmp_path / "files", api=service.base, fetch=fetch))
    assert lines == [f"{row['file']}: fetched" for row in wanted()]
    assert (tmp_path / "files" / wanted()[0]["file"]).read_text() == NUMBERS
    asked = len(service.asked)
    again = list(download_all(tmp_path / "files", api=service.base, fetch=fetch))
    assert again == [f"{row['file']}: there already" for row in wanted()]
    assert len(service.asked) == asked


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_service_that_is_busy_is_asked_again_after_a_while(service, fetch, waited, tmp_path, status):
    service.says("/x", (status, {}, b""), (status, {}, b""), as_csv("a,b\n1,2\n"))
    file = fetch.file(f"{service.base}/x", tmp_path / "x.csv")
    assert file.read_text() == "a,b\n1,2\n"
    assert waited == [1.0, 2.0]


def test_what_the_service_asks_to_wait_is_waited(service, fetch, waited, tmp_path):
    service.says("/x", (429, {"Retry-After": "7"}, b""), as_csv("a\n"))
    fetch.file(f"{service.base}/x", tmp_path / "x.csv")
    assert waited == [7.0]


def test_a_service_that_stays_busy_is_given_up_in_one_line(service, fetch, tmp_path):
    service.says("/x", (503, {}, b""))
    with pytest.raises(InputError, match=r"answered 503, 3 times\. Try again later") as error:
        fetch.file(f"{service.base}/x", tmp_path / "x.csv")
    assert "\n" not in str(error.value)
    assert not list(tmp_path.iterdir())


def test_an_answer_that_ends_too_soon_is_fetched_again_and_never_kept(service, fetch, tmp_path):
    short = as_csv("a,b\n1,", **{"Content-Length": "900"})
    service.says("/x", short, as_csv("a,b\n1,2\n"))
    assert fetch.file(f"{service.base}/x", tmp_path / "x.csv").read_text() == "a,b\n1,2\n"
    service.says("/y", short)
    with pytest.raises(InputError, match="3 times"):
        fetch.file(f"{service.base}/y", tmp_path / "y.csv")
    assert [p.name for p in tmp_path.iterdir()] == ["x.csv"]


def test_a_length_that_cannot_be_read_is_said_in_one_line(service, fetch, tmp_path):
    service.says("/x", as_csv("a,b\n1,2\n", **{"Content-Length": "many"}))
    with pytest.raises(InputError, match="gave no readable length, 3 times"):
        fetch.file(f"{service.base}/x", tmp_path / "x.csv")


def test_a_packed_answer_that_ends_too_soon_is_never_kept(service, fetch, tmp_path):
    packed = gzip.compress(NUMBERS.encode())[:-20]
    service.says("/x", as_csv(packed, **{"Content-Encoding": "gzip"}))
    with pytest.raises(InputError, match="3 times"):
        fetch.file(f"{service.base}/x", tmp_path / "x.csv")
    assert not list(tmp_path.iterdir())


def test_a_page_instead_of_a_file_is_refused_at_once(service, fetch, waited, tmp_path):
    service.says("/x", (200, {"Content-Type": "text/html"}, b"<html>"))
    with pytest.raises(InputError, match="gave text/html where text/csv was asked for"):
        fetch.file(f"{service.base}/x", tmp_path / "x.csv")
    assert waited == []
    assert len(service.asked) == 1


def test_an_address_that_is_gone_is_not_asked_twice(service, fetch, waited, tmp_path):
    with pytest.raises(InputError, match="answered 404; the address may have moved"):
        fetch.file(f"{service.base}/gone", tmp_path / "x.csv")
    assert waited == []


@pytest.mark.parametrize("packed", [False, True])
def test_more_than_the_limit_is_refused(service, waited, tmp_path, packed):
    body = gzip.compress(b"a" * 50_000) if packed else b"a" * 50_000
    service.says("/x", as_csv(body, **({"Content-Encoding": "gzip"} if packed else {})))
    small = Fetcher(largest=10_000, sleep=waited.append)
    with pytest.raises(InputError, match="MB"):
        small.file(f"{service.base}/x", tmp_path / "x.csv")
    assert not list(tmp_path.iterdir())


def test_a_service_that_is_silent_is_given_up(fetch, tmp_path):
    with pytest.raises(InputError, match="could not be read"):
        fetch.file("http://127.0.0.1:9/x", tmp_path / "x.csv")


@pytest.mark.parametrize("address", ["http://example.org/x", "file:///etc/hostname", "ftp://example.org/x"])
def test_only_safe_addresses_are_asked(fetch, tmp_path, address):
    with pytest.raises(InputError, match="only https"):
        fetch.file(address, tmp_path / "x.csv")


def test_what_is_no_address_is_refused_in_one_line(fetch, tmp_path):
    with pytest.raises(InputError, match="is no address"):
        fetch.file("https://[x", tmp_path / "x.csv")


def test_an_address_that_leads_to_an_unsafe_one_is_refused(service, fetch, tmp_path):
    service.says("/x", (302, {"Location": "http://example.org/x"}, b""))
    with pytest.raises(InputError, match="only https"):
        fetch.file(f"{service.base}/x", tmp_path / "x.csv")


def test_lists_of_several_pages_are_read_to_the_end(service, fetch):
    service.says("/publications", told([{"id": "p-1", "title": TITLE.upper()}]))
    first, second = ([{"id": f"d-{k}", "title": f"Set {k}"}] for k in (1, 2))
    service.says("/publications/p-1/data-sets?page=1&pageSize=20", told(first, pages=2))
    service.says("/publications/p-1/data-sets?page=2&pageSize=20", told(second, pages=2))
    assert data_sets(TITLE, api=service.base, fetch=fetch) == {"Set 1": "d-1", "Set 2": "d-2"}


def test_a_publication_that_is_not_there_is_named_with_those_that_are(service, fetch):
    service.says("/publications", told([{"id": "p", "title": "Schools"}]))
    with pytest.raises(InputError, match=r"no publication .* Found: Schools"):
        data_sets(TITLE, api=service.base, fetch=fetch)


@pytest.mark.parametrize("body", [b"not json", b"[]", b'{"results": [{"name": 1}]}'])
def test_an_answer_in_an_unknown_form_is_refused(service, fetch, body):
    service.says("/publications", (200, {"Content-Type": "application/json"}, body))
    with pytest.raises(InputError, match=r"no JSON|form that is not known"):
        data_sets(TITLE, api=service.base, fetch=fetch)


def test_a_file_address_of_ones_own_is_fetched_beside(service, fetch, tmp_path):
    offer_all(service)
    service.says("/own", as_csv("x\n"))
    lines = list(
        download_all(tmp_path, api=service.base, addresses={"own.csv": f"{service.base}/own"}, fetch=fetch)
    )
    assert lines[-1] == "own.csv: fetched"
    with pytest.raises(InputError, match="no plain file name"):
        list(download_all(tmp_path, api=service.base, addresses={"../own.csv": service.base}, fetch=fetch))


def test_what_is_not_offered_is_said_and_the_rest_is_fetched(service, fetch, tmp_path):
    offer_all(service)
    first = wanted()[0]
    service.says("/publications/p-1/data-sets", told([{"id": "d-0", "title": first["data_set"]}]))
    lines = list(download_all(tmp_path, api=service.base, fetch=fetch))
    assert lines[0] == f"{first['file']}: fetched"
    assert all("not offered. There are: " in line for line in lines[1:])


def test_the_command_downloads_and_makes_a_panel(service, fetch, tmp_path, monkeypatch, capsys):
    offer_all(service)
    monkeypatch.setattr(download, "API", service.base)
    monkeypatch.setattr(download, "Fetcher", lambda: fetch)
    out = tmp_path / "panel"
    service.says("/own", as_csv("a,b\n1,2\n"))
    own = f"own.csv={service.base}/own"
    assert cli.main(["statistics", str(out), "--download", "--address", own]) == 0
    said = capsys.readouterr().out
    assert "own.csv: fetched" in said
    assert "own.csv: not known, left out" in said
    assert open_panel(out).frame["looked_after_n"].tolist() == [25.0]
    assert (tmp_path / "panel-downloads").is_dir()
