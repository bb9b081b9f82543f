"""Raw letters in an S3-compatible store, for several machines that share the work. The only file that imports boto3."""

import hashlib

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from maild.errors import LetterLost, StoreError


class S3Blobs:
    """Blobs as objects `PREFIXab/cdef…` of a bucket; credentials come the way boto3 looks for them (environment, profile)."""

    def __init__(self, bucket: str, endpoint: str | None, prefix: str) -> None:
        self.bucket = bucket
        self.prefix = prefix
        self._client = boto3.client("s3", endpoint_url=endpoint)

    def put(self, octets: bytes) -> str:
        """Store; S3 answers when the object is durable, and never shows half of one."""
        sha256 = hashlib.sha256(octets).hexdigest()
        try:
            self._client.put_object(Bucket=self.bucket, Key=self._key(sha256), Body=octets)
        except (BotoCoreError, ClientError) as error:
            raise StoreError(
                f"bucket {self.bucket}: {error}: the letter stays on the mail server until it can be stored; "
                "check the bucket, its endpoint and the credentials"
            ) from error
        return sha256

    def get(self, sha256: str) -> bytes:
        """Fetch and verify."""
        try:
            octets: bytes = self._client.get_object(Bucket=self.bucket, Key=self._key(sha256))["Body"].read()
        except self._client.exceptions.NoSuchKey as error:
            raise LetterLost(
                f"the raw letter {sha256} is missing in bucket {self.bucket}: restore it from a backup"
            ) from error
        except (BotoCoreError, ClientError) as error:
            raise StoreError(f"the raw letter {sha256} cannot be read from bucket {self.bucket}: {error}") from error
        if hashlib.sha256(octets).hexdigest() != sha256:
            raise LetterLost(f"the raw letter {sha256} in bucket {self.bucket} is damaged: restore it from a backup")
        return octets

    def remove(self, sha256: str) -> None:
        """Delete the object; a bucket that keeps old versions keeps this one until its own rules remove it."""
        try:
            self._client.delete_object(Bucket=self.bucket, Key=self._key(sha256))
        except (BotoCoreError, ClientError) as error:
            raise StoreError(f"an erased letter cannot be removed from bucket {self.bucket}: {error}") from error

    def _key(self, sha256: str) -> str:
        return f"{self.prefix}{sha256[:2]}/{sha256[2:]}"
