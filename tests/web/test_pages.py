"""What nginx serves of the bundle: the page, its files, how long they may be kept, and small."""

import gzip
import subprocess

import httpx2
import pytest

from tests.web.conftest import FILES, PAGE, Front

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
    "font-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
SECURITY = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def said(answer: httpx2.Response, *names: str) -> dict[str, list[str]]:
    """Every value of these headers, in the order in which they came."""
    return {name: answer.headers.get_list(name) for name in names}


def secured(answer: httpx2.Response) -> bool:
    return said(answer, *SECURITY) == {name: [value] for name, value in SECURITY.items()}


def test_nginx_accepts_the_file(front: Front) -> None:
    done = subprocess.run([*front.command, "-t"], capture_output=True, text=True, check=False)
    assert (done.returncode, "warn" in done.stderr) == (0, False), done.stderr


@pytest.mark.parametrize("path", ["/", "/index.html", "/products", "/products/chair?from=home", "/no/such/page.html"])
def test_every_page_is_the_bundle_and_asked_for_anew(http: httpx2.Client, path: str) -> None:
    answer = http.get(path)
    assert (answer.status_code, answer.content) == (200, PAGE)
    assert said(answer, "Content-Type", "Cache-Control", "ETag") == {
        "Content-Type": ["text/html"],
        "Cache-Control": ["no-cache"],
        "ETag": [],
    }
    assert secured(answer)
    assert answer.headers["Server"] == "nginx"


def test_a_page_of_the_same_date_is_sent_again(http: httpx2.Client) -> None:
    changed = http.get("/").headers["Last-Modified"]
    assert http.get("/", headers={"If-Modified-Since": changed}).status_code == 200


@pytest.mark.parametrize(
    ("path", "content_type"),
    [
        ("assets/index-3f2a.js", "application/javascript"),
        ("assets/index-77ab.css", "text/css"),
        ("assets/figtree-01cd.woff2", "font/woff2"),
    ],
)
def test_built_files_are_kept_for_a_year(http: httpx2.Client, path: str, content_type: str) -> None:
    answer = http.get("/" + path)
    assert (answer.status_code, answer.content) == (200, FILES[path])
    assert said(answer, "Content-Type", "Cache-Control") == {
        "Content-Type": [content_type],
        "Cache-Control": ["public, max-age=31536000, immutable"],
    }
    assert secured(answer)
    again = http.get("/" + path, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert said(again, "Cache-Control") == said(answer, "Cache-Control")


def test_other_files_are_asked_for_anew(http: httpx2.Client) -> None:
    answer = http.get("/favicon.svg")
    assert said(answer, "Content-Type", "Cache-Control") == {
        "Content-Type": ["image/svg+xml"],
        "Cache-Control": ["no-cache"],
    }
    assert http.get("/favicon.svg", headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


@pytest.mark.parametrize("path", ["/assets/index-0000.js", "/assets/", "/assets/no/such.css"])
def test_a_file_of_another_build_is_missing(http: httpx2.Client, path: str) -> None:
    """The page in its place would be taken for a script, and be kept for a year."""
    answer = http.get(path)
    assert (answer.status_code, PAGE in answer.content) == (404, False)
    assert said(answer, "Cache-Control") == {"Cache-Control": []}
    assert secured(answer)


def test_nothing_outside_of_the_bundle_is_served(front: Front, http: httpx2.Client) -> None:
    assert http.get("/assets/%2e%2e/%2e%2e/nginx/shop.conf").status_code == 400
    assert http.get("/%2e%2e/nginx/shop.conf").status_code == 400


@pytest.mark.parametrize("path", ["index.html", "favicon.svg", "assets/index-3f2a.js", "assets/index-77ab.css"])
def test_text_is_compressed_for_those_who_can_read_it(http: httpx2.Client, path: str) -> None:
    with http.stream("GET", "/" + path, headers={"Accept-Encoding": "br, gzip"}) as answer:
        raw = b"".join(answer.iter_raw())
    assert said(answer, "Content-Encoding", "Vary") == {"Content-Encoding": ["gzip"], "Vary": ["Accept-Encoding"]}
    assert (gzip.decompress(raw), len(raw) < len(FILES[path]) / 5) == (FILES[path], True)
    assert secured(answer)
    assert "Content-Encoding" not in http.get("/" + path).headers


@pytest.mark.parametrize("path", ["assets/figtree-01cd.woff2", "robots.txt"])
def test_what_would_not_get_smaller_is_sent_as_it_is(http: httpx2.Client, path: str) -> None:
    answer = http.get("/" + path, headers={"Accept-Encoding": "gzip"})
    assert ("Content-Encoding" in answer.headers, answer.content) == (False, FILES[path])
