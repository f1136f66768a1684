"""What lies in the repository: ours, free of addresses and machine paths, installed from locks."""

import re
from pathlib import PurePosixPath

import pytest

from tests.architecture.source import ROOT, repository_files

# Put together here, so that this file does not name them either.
_REGISTRIES = [
    ("py", "pi.org"),
    ("python", "hosted.org"),
    ("npm", "js.org"),
    ("npm", "js.com"),
    ("yarn", "pkg.com"),
    ("deb", "ian.org"),
    ("conda", ".io"),
]
REGISTRY = re.compile("|".join(re.escape(left + right) for left, right in _REGISTRIES), re.IGNORECASE)
MACHINE = re.compile(rf"(?<![\w.~-])(?:{re.escape(str(ROOT))}\b|/(?:root/|home/[a-z]\w*/|Users/\w+/|opt/\w+/))")
INDEX_OPTION = re.compile(r"^\s*--(?:index-url|extra-index-url|find-links|trusted-host)\b|\"resolved\":", re.MULTILINE)

_FOREIGN_SUFFIXES = frozenset(
    [
        ".map",
        ".woff",
        ".woff2",
        ".ttf",
        ".otf",
        ".eot",
        ".whl",
        ".gz",
        ".bz2",
        ".xz",
        ".7z",
        ".jar",
        ".so",
        ".dll",
        ".dylib",
        ".exe",
        ".node",
        ".pyc",
        ".sqlite3",
    ]
)
_FOREIGN_FOLDERS = frozenset({"node_modules", "vendor", "vendored", "third_party", "site-packages", ".venv"})
_BANNER = re.compile(r"/\*!|@license\b|sourceMappingURL=")


def text_faults(name: str, text: str) -> list[str]:
    """Addresses and paths that belong to one machine, not to the project."""
    kinds = {"registry address": REGISTRY, "machine path": MACHINE, "index option": INDEX_OPTION}
    if name.startswith("tests/architecture/test_repository"):
        kinds = {"registry address": REGISTRY}
    return [f"{name}: {kind} {found.group()!r}" for kind, pattern in kinds.items() for found in pattern.finditer(text)]


def is_foreign(name: str, text: str) -> bool:
    """Whether the file was made by someone else and belongs into a lock instead."""
    path = PurePosixPath(name)
    if path.suffix.lower() in _FOREIGN_SUFFIXES or _FOREIGN_FOLDERS.intersection(path.parts) or ".min." in path.name:
        return True
    return path.suffix in {".js", ".css"} and bool(_BANNER.search(text))


def _read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8", errors="replace")


def test_no_registry_address_and_no_machine_path() -> None:
    assert len(repository_files()) > 20
    assert [fault for name in repository_files() for fault in text_faults(name, _read(name))] == []


def test_no_file_of_someone_else() -> None:
    assert [name for name in repository_files() if is_foreign(name, _read(name))] == []


@pytest.mark.parametrize(
    "text",
    [
        "https://" + "py" + "pi.org/simple",
        "https://files.python" + "hosted.org/packages/x.whl",
        "https://registry.npm" + "js.org/x",
        "see /" + "root/notes",
        f"-r {ROOT}/requirements.txt",
        'file = "/' + 'home/somebody/x"',
        "--index" + "-url https://example.org/simple",
        '"resolved"' + ': "x"',
    ],
)
def test_an_address_is_seen(text: str) -> None:
    assert text_faults("x.txt", text)


@pytest.mark.parametrize(
    "text", ["the root/ of the tree", "src/zhiheng/home/x", "PyPI's package", "../shared/rules", "https://example.org/elsewhere/"]
)
def test_plain_text_passes(text: str) -> None:
    assert text_faults("x.txt", text) == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("static/vendor/x.js", ""),
        ("static/own/htmx.min.js", ""),
        ("static/x.woff2", ""),
        ("static/x.css", "/*! normalize v8 */"),
        ("wheels/x.whl", ""),
    ],
)
def test_a_foreign_file_is_seen(name: str, text: str) -> None:
    assert is_foreign(name, text)


def test_locks_carry_hashes() -> None:
    for name in ("run", "dev", "node"):
        text = _read(f"requirements/{name}.txt")
        pinned = [line for line in text.splitlines() if line and not line.startswith((" ", "#"))]
        assert pinned
        assert all("==" in line and line.endswith("\\") for line in pinned), name
        assert text.count("--hash=sha256:") >= len(pinned)
    lock = _read("package-lock.json")
    assert lock.count('"version"') == lock.count('"integrity": "sha512-') > 0


def test_the_development_lock_pins_the_same_versions() -> None:
    def pins(name: str) -> set[str]:
        return set(re.findall(r"^[a-z0-9].*==\S+", _read(f"requirements/{name}.txt"), re.MULTILINE))

    assert pins("run") < pins("dev")
