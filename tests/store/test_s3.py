"""Raw letters in an S3-compatible store: moto's server on loopback."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from moto.server import ThreadedMotoServer

from maild.errors import LetterLost, StoreError
from maild.store.s3 import S3Blobs


@pytest.fixture
def endpoint(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[str]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


def test_letters_come_back_as_they_went(endpoint: str) -> None:
    """The same octets under the same name, stored once however often."""
    blobs = S3Blobs("letters", endpoint, "maild/")
    blobs._client.create_bucket(Bucket="letters")
    octets = bytes(range(256)) * 1000
    assert blobs.put(octets) == blobs.put(octets)
    assert blobs.get(blobs.put(octets)) == octets
    assert blobs._client.list_objects_v2(Bucket="letters")["KeyCount"] == 1


def test_trouble_says_what_to_do(endpoint: str) -> None:
    """A missing bucket, a missing letter and a damaged one are told apart from bugs."""
    with pytest.raises(StoreError, match="check the bucket"):
        S3Blobs("nowhere", endpoint, "").put(b"x")
    blobs = S3Blobs("letters", endpoint, "")
    blobs._client.create_bucket(Bucket="letters")
    with pytest.raises(LetterLost, match="missing"):
        blobs.get("0" * 64)
    sha256 = blobs.put(b"letter")
    blobs._client.put_object(Bucket="letters", Key=f"{sha256[:2]}/{sha256[2:]}", Body=b"lettre")
    with pytest.raises(LetterLost, match="damaged"):
        blobs.get(sha256)


def test_an_erased_letter_is_gone(endpoint: str) -> None:
    """Once is enough, twice is no error; where the bucket is not, that is said."""
    blobs = S3Blobs("letters", endpoint, "maild/")
    blobs._client.create_bucket(Bucket="letters")
    sha256 = blobs.put(b"letter")
    blobs.remove(sha256)
    blobs.remove(sha256)
    with pytest.raises(LetterLost, match="missing"):
        blobs.get(sha256)
    with pytest.raises(StoreError, match="erased letter cannot be removed"):
        S3Blobs("nowhere", endpoint, "").remove(sha256)
