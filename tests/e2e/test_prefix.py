"""Sites below one host: every address stays below its prefix, and cookies are told from those of the siblings."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx2
import pytest

from tests.e2e.site import Site, running
from tests.fakes.prefix_proxy import proxy

pytestmark = pytest.mark.demo
ADDRESS = re.compile(r"""\b(?:href|src|action|hx-(?:get|post|put|delete)|data-[a-z-]*url|data-href)=["']([^"']+)["']""")
MOST_PAGES = 60


@dataclass(frozen=True)
class Host:
    """Where both sites are; the second gets its addresses without the prefix."""

    address: str
    bare: str


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    folder = tmp_path_factory.mktemp("noc")
    site = Site(folder, f"sqlite:///{folder}/data/site.sqlite3", {"SITE_PREFIX": "/noc"})
    with (
        running(site),
        proxy({"/noc": site.port, "/lab": site.port}) as port,
        proxy({"/noc": site.port}, strips=True) as bare,
    ):
        yield Host(f"http://127.0.0.1:{port}", f"http://127.0.0.1:{bare}")


@contextmanager
def signed_in(address: str) -> Iterator[httpx2.Client]:
    with httpx2.Client(base_url=address, headers={"Accept": "text/html"}, timeout=30) as browser:
        browser.get("/noc/sign-in/")
        token = browser.cookies["csrf-noc"]
        known = {"username": "admin", "password": "admin", "csrfmiddlewaretoken": token}
        answer = browser.post("/noc/sign-in/", data=known)
        assert (answer.status_code, answer.headers["Location"]) == (302, "/noc/")
        yield browser


def crawled(browser: httpx2.Client) -> dict[str, int]:
    """Status of every address that pages name, from the start page on, without what signs out or acts."""
    waiting = ["/noc/"]
    known: dict[str, int] = {}
    while waiting and len(known) < 400:
        path = waiting.pop(0)
        if path in known:
            continue
        answer = browser.get(path)
        known[path] = answer.status_code
        if "text/html" not in answer.headers.get("Content-Type", "") or len(known) > MOST_PAGES:
            continue
        for found in ADDRESS.findall(answer.text):
            parts = urlsplit(found.replace("&amp;", "&"))
            if parts.scheme or parts.netloc or not parts.path.startswith("/"):
                continue
            if not re.search("sign-out|logout|delete|jsi18n", parts.path):
                waiting.append(parts.path)
    return known


def test_every_address_of_a_page_lies_below_the_prefix(host: Host) -> None:
    with signed_in(host.address) as browser:
        known = crawled(browser)

    assert [path for path in known if not path.startswith("/noc/")] == []
    assert {path: status for path, status in known.items() if status not in {200, 302, 405, 403}} == {}
    assert {"/noc/processes/", "/noc/admin/", "/noc/subscriptions/"} <= known.keys()
    assert any(path.startswith("/noc/static/") for path in known)


def test_a_proxy_may_take_the_prefix_off(host: Host) -> None:
    with signed_in(host.bare) as browser:
        page = browser.get("/noc/processes/")

    assert page.status_code == 200
    assert 'href="/noc/subscriptions/"' in page.text


def test_cookies_are_told_from_those_of_siblings(host: Host) -> None:
    with httpx2.Client(base_url=host.address) as browser:
        page = browser.get("/noc/sign-in/")
        token = browser.cookies["csrf-noc"]
        known = {"username": "admin", "password": "admin", "csrfmiddlewaretoken": token}
        answer = browser.post("/noc/sign-in/", data=known)

    cookies = [*page.headers.get_list("Set-Cookie"), *answer.headers.get_list("Set-Cookie")]
    assert {cookie.partition("=")[0] for cookie in cookies} == {"csrf-noc", "session-noc", "whose-noc"}
    assert all("; Path=/noc/;" in cookie for cookie in cookies)


def test_redirects_and_refusals_stay_below_the_prefix(host: Host) -> None:
    with httpx2.Client(base_url=host.address, headers={"Accept": "text/html"}) as browser:
        places = [
            browser.get(path).headers["Location"] for path in ("/noc/processes/", "/noc/processes", "/noc/admin/")
        ]
        wrong = browser.get(f"/noc/{'x' * 5000}")
        nobody = browser.get("/noc/api/processes/", headers={"Accept": "*/*"})
        whole = browser.post("/noc/api/processes/x", content=b"x" * 1_500_000)

    assert all(urlsplit(place).path.startswith("/noc/") for place in places)
    assert (wrong.status_code, 'href="/noc/static/site/fault.css"' in wrong.text) == (414, True)
    assert (nobody.status_code, nobody.headers["Content-Type"]) == (401, "application/problem+json")
    assert (whole.status_code, whole.headers["Content-Type"]) == (413, "application/problem+json")


def test_rest_links_and_the_description_name_the_prefix(host: Host) -> None:
    with httpx2.Client(base_url=host.address, auth=("admin", "admin")) as client:
        page = client.get("/noc/api/products/", params={"range": "0,1"})
        following = client.get(page.links["next"]["url"])
        described = client.get("/noc/api/schema/", params={"format": "json"}).json()

    assert urlsplit(page.links["next"]["url"]).path == "/noc/api/products/"
    assert (len(page.json()), following.status_code) == (1, 200)
    assert described["servers"] == [{"url": "/noc"}]
    assert "/api/products/" in described["paths"]


def test_health_answers_below_the_prefix(host: Host) -> None:
    answer = httpx2.get(f"{host.address}/noc/api/health/")

    assert answer.json()["checks"]["database"] == "ok"


def test_what_was_typed_is_kept_below_the_prefix(host: Host) -> None:
    """Fault of an ended session: the form is known again although its address begins with the prefix."""
    with signed_in(host.address) as browser:
        del browser.cookies["session-noc"]
        token = browser.cookies["csrf-noc"]
        origin = {"Origin": host.address, "Referer": f"{host.address}/noc/engine/"}
        typed = {"csrfmiddlewaretoken": token, "reason": "maintenance"}
        ended = browser.post("/noc/engine/pause/", data=typed, headers=origin)
        (kept,) = re.findall(r'name="kept" value="([^"]+)"', ended.text)
        known = {"username": "admin", "password": "admin", "csrfmiddlewaretoken": browser.cookies["csrf-noc"]}
        again = browser.post("/noc/sign-in/", data={**known, "kept": kept}, headers={"Origin": host.address})

    assert ended.status_code == 401
    assert 'action="/noc/engine/pause/"' in again.text
    assert 'value="maintenance"' in again.text
