"""An OpenID provider by hand on a free port of 127.0.0.1: what Slack does when somebody signs in with it.

It keeps what it was asked, so that a test can see that a code was worth one token, and says what a test lets it say.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from cast import HOME_TEAM, Somebody
from joserfc import jwt
from joserfc.jwk import RSAKey
from local_server import LocalServer

DESK_URL = "http://127.0.0.1:8000"
CLIENT_ID = "1234.5678"
CLIENT_SECRET = "client-secret-of-tests"
KEY = RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})
OTHER_KEY = RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})
"""Nobody's: it goes by the same name."""


@dataclass
class Provider(LocalServer):
    """The server. Use as a context manager. `says`: claims put over what it would say of itself; `key`: what it signs
    with; `status`: what the token endpoint answers."""

    says: dict[str, Any] = field(default_factory=dict)
    leaves_out: set[str] = field(default_factory=set)
    key: Any = field(default_factory=lambda: KEY)
    status: int = 200
    asked: list[str] = field(default_factory=list)
    codes: dict[str, dict[str, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._open()

    @property
    def url(self) -> str:
        """For DESK_SLACK_ISSUER."""
        return self.address

    def settings(self) -> dict[str, str]:
        """What switches signing in with it on."""
        return {
            "DESK_URL": DESK_URL, "DESK_SLACK_CLIENT_ID": CLIENT_ID,
            "DESK_SLACK_CLIENT_SECRET": CLIENT_SECRET, "DESK_SLACK_TEAM": HOME_TEAM, "DESK_SLACK_ISSUER": self.url,
        }  # fmt: skip

    def approve(self, location: str, who: Somebody, *, verified: bool = True, team: str = HOME_TEAM) -> str:
        """Somebody presses Allow on the page they were sent to. Returns the path to which the browser is sent."""
        given = dict(parse_qsl(urlsplit(location).query))
        assert location.startswith(f"{self.url}/authorize?"), location
        assert (given["client_id"], given["response_type"]) == (CLIENT_ID, "code")
        assert set(given["scope"].split()) == {"openid", "email", "profile"}
        code = secrets.token_hex(8)
        self.codes[code] = {
            "iss": self.url, "sub": who.slack_id, "aud": CLIENT_ID, "nonce": given["nonce"], "email": who.email,
            "email_verified": verified, "name": who.name, "https://slack.com/user_id": who.slack_id,
            "https://slack.com/team_id": team, "redirect_uri": given["redirect_uri"],
        }  # fmt: skip
        assert given["redirect_uri"].startswith(DESK_URL)
        return f"{given['redirect_uri'].removeprefix(DESK_URL)}?{urlencode({'code': code, 'state': given['state']})}"

    def _serve(self, request: BaseHTTPRequestHandler, body: bytes) -> None:
        path = urlsplit(request.path).path
        self.asked.append(path)
        status, answer = 200, {}
        if path == "/.well-known/openid-configuration":
            answer = self._metadata()
        elif path == "/keys":
            answer = {"keys": [KEY.as_dict(private=False)]}
        elif path == "/token":
            status, answer = self.status, self._token(dict(parse_qsl(body.decode())))
        else:
            status = 404
        data = json.dumps(answer).encode()
        request.send_response(status)
        request.send_header("Content-Type", "application/json")
        request.send_header("Content-Length", str(len(data)))
        request.end_headers()
        request.wfile.write(data)

    def _metadata(self) -> dict[str, Any]:
        return {
            "issuer": self.url, "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token", "jwks_uri": f"{self.url}/keys",
            "id_token_signing_alg_values_supported": ["RS256"], "response_types_supported": ["code"],
            "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
        }  # fmt: skip

    def _token(self, given: dict[str, str]) -> dict[str, Any]:
        """As Slack does: a refusal is a 200 that says so. A code is worth one token."""
        claims = self.codes.pop(given.get("code", ""), None)
        if claims is None or claims.pop("redirect_uri") != given.get("redirect_uri"):
            return {"ok": False, "error": "invalid_code"}
        if (given.get("client_id"), given.get("client_secret")) != (CLIENT_ID, CLIENT_SECRET):
            return {"ok": False, "error": "bad_client_secret"}
        token, now = secrets.token_hex(8), int(time.time())
        half = base64.urlsafe_b64encode(hashlib.sha256(token.encode()).digest()[:16]).rstrip(b"=").decode()
        said = {**claims, "at_hash": half, "iat": now, "exp": now + 300, **self.says}
        said = {name: value for name, value in said.items() if name not in self.leaves_out}
        signed = jwt.encode({"alg": "RS256", "kid": "one"}, said, self.key)
        return {"ok": True, "access_token": token, "token_type": "Bearer", "id_token": signed}
