"""What a service that takes files may be told about looking at them."""

from pydantic import Field

from shared.settings import ServiceSettings


class UploadSettings(ServiceSettings):
    """How much looking at a file may take; two are looked at at once."""

    upload_memory: int = Field(default=640, ge=256)
    """MiB that looking at an uploaded file may take."""

    upload_seconds: float = Field(default=8.0, gt=0)
    """Seconds that looking at an uploaded file may take; whoever uploads waits 10."""
