"""Frames of zstd, by whatever this machine has: Python 3.14, the package `zstandard`, or the program `zstd`."""
import shutil
import subprocess

try:
    from compression import zstd as _library
except ImportError:
    _library = None
try:
    import zstandard as _package
except ImportError:
    _package = None

AVAILABLE = bool(_library or _package or shutil.which("zstd"))


def compress(data: bytes) -> bytes:
    """One frame."""
    if _library:
        return _library.compress(data)
    if _package:
        return _package.ZstdCompressor(write_checksum=True).compress(data)
    return _run("-c", data)


def decompress(data: bytes) -> bytes:
    """The text of whole frames, one behind the other; an error where the last has no end."""
    if _library:
        return _library.decompress(data)
    if not _package:
        return _run("-dc", data)
    text = b""
    while data:
        frame = _package.ZstdDecompressor().decompressobj()
        text += frame.decompress(data)
        if not frame.eof:
            raise EOFError("the last frame has no end")
        data = frame.unused_data
    return text


def _run(how: str, data: bytes) -> bytes:
    return subprocess.run(["zstd", "-q", how], input=data, capture_output=True, check=True).stdout
