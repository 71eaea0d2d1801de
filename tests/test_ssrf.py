"""Webhooks go to public servers only, by whatever trick somebody names another: at the door, and once more on the way
out, where a name has become an address."""

from __future__ import annotations

import socket
import threading
import time
from typing import Any

import pytest
from hook_server import Answers, HookServer
from mail import certificate
from processes import free_port

from bot.outgoing import Outgoing, Unsent
from knowledge.subscriptions.hooks import BadUrl, hook_url

TRICKS = (
    "https://127.0.0.1/", "https://localhost/", "https://2130706433/", "https://0x7f.1/", "https://0.0.0.0/",
    "https://[::1]/", "https://[::ffff:127.0.0.1]/", "https://[::]/", "https://169.254.169.254/latest/meta-data/",
    "https://100.64.0.1/", "https://10.0.0.1/", "https://hooks.example.org@127.0.0.1/", "file:///etc/passwd",
    "ftp://ftp.example.org/", "https://224.0.0.1/", "https://240.0.0.1/",
)  # fmt: skip
"""The sixteen of the field's list."""
OTHERS = (
    "http://hooks.example.org/", "https://hooks.example.org:22/", "https://hooks.example.org:0/",
    "https://hooks.example.org:99999/", "https://hooks.example.org\\@127.0.0.1/", "https://a:b@hooks.example.org/",
    "https://@hooks.example.org/", "https://hooks.example.org/#here", "https://127.1/", "https://0177.0.0.1/",
    "https://hooks/", "https://hooks.example.org./", "https://müller.example.org/", "https://hooks.example.org/a b",
    "https://hooks.example.org/\r\nHost: x", "https://%31%32%37.0.0.1/", "https:///hook", "https://",
    "hooks.example.org",
    "https://-a.example.org/", "https://a..example.org/", "https://[fe80::1%25eth0]/", "javascript:alert(1)", "",
    "https://hooks.example.org/" + "a" * 2_030, "https://1.2.3.0x7f/", "https://192.0.2.7.8/",
    "https://" + "a" * 64 + ".example.org/",
)  # fmt: skip


@pytest.mark.parametrize("url", [*TRICKS, *OTHERS])
def test_an_address_that_is_no_public_servers_is_refused_at_the_door(url: str) -> None:
    with pytest.raises(BadUrl) as told:
        hook_url(url)
    assert str(told.value).endswith("."), "a sentence for whoever typed it"


def test_there_are_sixteen_tricks() -> None:
    assert len(set(TRICKS)) == 16


@pytest.mark.parametrize(
    "url",
    ["https://hooks.example.org/desk?key=a%20b&c=d", "https://hooks.example.org:8443/", "https://hooks.example.org:443",
     " https://HOOKS.Example.org/x ", "https://xn--mller-kva.example.org/"],
)  # fmt: skip
def test_a_public_servers_address_is_kept_as_it_was_typed(url: str) -> None:
    assert hook_url(url) == url.strip()


@pytest.mark.parametrize("url", [one for one in TRICKS if not one.startswith(("file:", "ftp:"))])
def test_what_slipped_past_the_door_is_refused_on_the_way_out(url: str) -> None:
    with pytest.raises(Unsent, match="its address is not public"):
        Outgoing().post(url, b"{}", {})


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://ftp.example.org/", "gopher://127.0.0.1/", "nonsense"])
def test_only_http_goes_out_at_all(url: str) -> None:
    with pytest.raises(Unsent, match=r"its address is none|does not answer"):
        Outgoing().post(url, b"{}", {})


@pytest.mark.parametrize(
    "inside", ["127.0.0.1", "10.1.2.3", "172.16.0.9", "192.168.1.1", "169.254.169.254", "100.64.7.7", "::1", "fd00::1",
               "fe80::1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "::127.0.0.1", "::ffff:0:10.0.0.1",
               "fec0::1", "64:ff9b:1::a00:1", "2001:0:a00:1::", "0.0.0.1", "192.0.0.8", "198.18.0.1", "240.0.0.1",
               "255.255.255.255", "ff02::1", "100::1", "::"],
)  # fmt: skip
def test_a_public_name_that_leads_inside_is_refused(inside: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a name server answers is the stranger's to choose, and may change between two questions."""
    asked: list[str] = []

    def answer(host: str, port: int, *_: Any, **__: Any) -> list[Any]:
        asked.append(host)
        family = socket.AF_INET6 if ":" in inside else socket.AF_INET
        return [(family, socket.SOCK_STREAM, 6, "", (inside, port))]

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    with pytest.raises(Unsent, match="its address is not public"):
        Outgoing().post("https://hooks.example.org/", b"{}", {})
    assert asked == ["hooks.example.org"], "asked once, and connected to nothing"


def test_a_name_is_asked_for_once_and_that_very_address_is_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise the second answer could be another than the one that was looked at."""
    asked: list[str] = []
    with HookServer() as server:
        true = socket.getaddrinfo

        def answer(host: str, port: int, *more: Any, **rest: Any) -> Any:
            asked.append(host)
            return true("127.0.0.1", port, *more, **rest)

        monkeypatch.setattr(socket, "getaddrinfo", answer)
        url = server.url.replace("127.0.0.1", "rebound.example.org")
        assert Outgoing(loopback=True).post(url, b"{}", {}).status == 200
        assert [one for one in asked if one != "127.0.0.1"] == ["rebound.example.org"]
        assert server.got[0].headers["Host"].startswith("rebound.example.org:")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(status: int) -> None:
    with HookServer() as elsewhere, HookServer() as server:
        for onward in (elsewhere.url, "http://169.254.169.254/latest/meta-data/"):
            server.will.append(Answers(status, {"Location": onward}))
            assert Outgoing(loopback=True).post(server.url, b"{}", {}).status == status
        assert elsewhere.got == []


def test_neither_a_proxy_nor_a_password_of_this_machine_is_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login desk password secret\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{free_port()}")
    with HookServer() as server:
        assert Outgoing(loopback=True).post(server.url, b"{}", {}).status == 200
        assert "Authorization" not in server.got[0].headers


def test_loopback_is_allowed_only_where_it_is_asked_for() -> None:
    with HookServer() as server:
        with pytest.raises(BadUrl):
            hook_url(server.url)
        with pytest.raises(Unsent, match="not public"):
            Outgoing().post(server.url, b"{}", {})
        assert hook_url(server.url, loopback=True) == server.url
        assert server.got == []
    for url in ("http://10.0.0.1/", "http://hooks.example.org/", "http://169.254.169.254/", "https://0.0.0.0/"):
        with pytest.raises(BadUrl):
            hook_url(url, loopback=True)
    with pytest.raises(Unsent, match="not public"):
        Outgoing(loopback=True).post("http://10.0.0.1/", b"{}", {})


def test_a_server_that_drips_is_cut_off() -> None:
    """No time-out ends this: each byte comes before it runs out."""
    with HookServer() as server:
        server.otherwise = Answers(drip=True)
        with pytest.raises(Unsent, match="took too long"):
            Outgoing(loopback=True, longest=0.4).post(server.url, b"{}", {})


def test_a_server_whose_name_took_too_long_to_find_has_no_time_left(monkeypatch: pytest.MonkeyPatch) -> None:
    true = socket.getaddrinfo

    def slowly(*given: Any, **more: Any) -> Any:
        time.sleep(0.3)
        return true(*given, **more)

    monkeypatch.setattr(socket, "getaddrinfo", slowly)
    with HookServer() as server:
        server.otherwise = Answers(drip=True)
        with pytest.raises(Unsent, match="took too long"):
            Outgoing(loopback=True, longest=0.1).post(server.url, b"{}", {})


def test_a_server_that_never_ends_its_answer_is_heard_no_further_than_64_kilobytes() -> None:
    with HookServer() as server:
        server.otherwise = Answers(endless=True)
        assert Outgoing(loopback=True).post(server.url, b"{}", {}).size == 65_536


def test_a_server_that_says_nothing_and_one_that_is_not_there_are_told_apart() -> None:
    with HookServer() as server:
        never = threading.Event()
        server.otherwise = Answers(gate=never)
        with pytest.raises(Unsent, match="took too long"):
            Outgoing(loopback=True, longest=0.3).post(server.url, b"{}", {})
        never.set()
    with pytest.raises(Unsent, match="does not answer"):
        Outgoing(loopback=True).post(f"http://127.0.0.1:{free_port()}/", b"{}", {})


def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path: Any) -> None:
    theirs, _ = certificate(tmp_path)
    with HookServer() as server:
        server.server.socket = theirs.wrap_socket(server.server.socket, server_side=True)
        with pytest.raises(Unsent, match="certificate or TLS fails"):
            Outgoing(loopback=True).post(server.url.replace("http:", "https:"), b"{}", {})
        assert server.got == []
