"""The probe's messages, compiled when first needed: they are no part of the product."""

import atexit
import shutil
import sys
import tempfile
from importlib import import_module
from pathlib import Path
from typing import Any

import google.api
from grpc_tools import protoc  # type: ignore[import-untyped]

HERE = Path(__file__).parent


def _compile() -> tuple[Any, Any]:
    made = Path(tempfile.mkdtemp(prefix="probe-"))
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    sources = made / "protos"
    target = sources / "millrun" / "probe" / "v1"
    target.mkdir(parents=True)
    shutil.copy(HERE / "probe.proto", target)
    googleapis = Path(next(iter(google.api.__path__))).parent.parent
    well_known = Path(protoc.__file__).parent / "_proto"
    failed = protoc.main(
        [
            "protoc",
            *(f"-I{folder}" for folder in (sources, googleapis, well_known)),
            f"--python_out={made}",
            f"--grpc_python_out={made}",
            str(target / "probe.proto"),
        ]
    )
    assert not failed, "protoc could not compile the probe"
    sys.path.append(str(made))
    return (
        import_module("millrun.probe.v1.probe_pb2"),
        import_module("millrun.probe.v1.probe_pb2_grpc"),
    )


pb, pb_grpc = _compile()
