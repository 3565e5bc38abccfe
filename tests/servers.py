"""Invented boards and ill-mannered hosts on loopback; each stops with its `with`."""

import json
import socketserver
import ssl
import threading
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from crawler.boards import Board
from crawler.demo.server import LOOPBACK, NOT_FOUND, Request, Respond, Response

FIRST = date(2026, 1, 1)
ROBOTS_PATH = "/robots.txt"


def board(name: str, source: str = "greenhouse", **values: Any) -> Board:
    return Board.model_validate(
        {"source": source, "board": name, "employer": name.title(), "discovery_reason": "list"}
        | {"added_date": FIRST}
        | values
    )


def jobs(count: int, *, first: int = 1, **values: Any) -> list[dict[str, Any]]:
    return [
        {
            "id": number,
            "title": f"Engineer {number}",
            "content": f"&lt;p&gt;Invented text {number}.&lt;/p&gt;",
            "absolute_url": f"https://boards.invalid/jobs/{number}",
        }
        | values
        for number in range(first, first + count)
    ]


def listing(rows: Iterable[Mapping[str, Any]], total: int | None = None) -> Response:
    """A Greenhouse board; it declares as many as it has unless told otherwise."""
    rows = list(rows)
    meta = {"total": len(rows) if total is None else total}
    return Response(200, json.dumps({"jobs": rows, "meta": meta}).encode())


def greenhouse(boards: Mapping[str, Response], robots: Response | None = None) -> Respond:
    """Answer for the boards, as they are when asked."""

    def respond(request: Request) -> Response:
        if request.path == ROBOTS_PATH and robots:
            return robots
        parts = request.path.split("/")
        if len(parts) == 5 and parts[1:3] == ["v1", "boards"]:  # noqa: RUF100
            return boards.get(parts[3], NOT_FOUND)
        return NOT_FOUND

    return respond


class RawServer:
    """Sends exact bytes for each path, keeps what it was asked; None hangs up without a word."""

    def __init__(
        self, answer: Callable[[str], bytes | None], certificate: Path | None = None
    ) -> None:
        self.paths: list[str] = []
        self.heads: list[str] = []
        outer = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                head = b""
                while not head.endswith(b"\r\n\r\n"):
                    line = self.rfile.readline()
                    if not line:
                        return
                    head += line
                outer.heads.append(head.decode("latin-1"))
                outer.paths.append(head.split()[1].decode())
                self.wfile.write(answer(outer.paths[-1]) or b"")

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = True
            allow_reuse_address = True

            def handle_error(self, *_: object) -> None:
                """A client that breaks off is what these tests are about."""

        self._server = Server((LOOPBACK, 0), Handler)
        self._scheme = "http"
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
            self._scheme = "https"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    @property
    def base_url(self) -> str:
        return f"{self._scheme}://{LOOPBACK}:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def http(body: bytes, *headers: str, status: str = "200 OK", length: int | None = None) -> bytes:
    """An answer in bytes; `length` may lie."""
    size = len(body) if length is None else length
    lines = [f"HTTP/1.1 {status}", *headers, f"Content-Length: {size}", "Connection: close", "", ""]
    return "\r\n".join(lines).encode("latin-1") + body


def self_signed(folder: Path) -> Path:
    """A certificate for 127.0.0.1 that nobody vouches for, with its key, as PEM."""
    return Authority(folder).certificate(is_own=True)


class Authority:
    """Vouches for certificates; `pem` is what a client has to trust to believe it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = _name("An invented authority")
        own = _builder(self.name, self.key, days=1).issuer_name(self.name)
        own = own.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        self.pem = folder / "authority.pem"
        self.pem.write_bytes(_pem(own.sign(self.key, hashes.SHA256())))

    def certificate(self, *, address: str = LOOPBACK, days: int = 1, is_own: bool = False) -> Path:
        """For an address, valid until `days` from now, with its key; `is_own` signs itself."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = _name(address)
        built = _builder(name, key, days).issuer_name(name if is_own else self.name)
        names = x509.SubjectAlternativeName([x509.IPAddress(ip_address(address))])
        signed = built.add_extension(names, critical=False).sign(
            key if is_own else self.key, hashes.SHA256()
        )
        private = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        file = self.folder / f"{address}.{days}.{is_own}.pem"
        file.write_bytes(private + _pem(signed))
        return file


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _builder(
    name: x509.Name, key: ec.EllipticCurvePrivateKey, days: int
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=9))
        .not_valid_after(now + timedelta(days=days))
    )


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)
