"""The contract service: what there is to run."""

from millrun.contract.v1 import events_pb2

from services.contract.clocks import generate_documents
from services.contract.reactions import reactions
from services.contract.seals import insist
from services.contract.settings import ContractSettings
from shared.service import Clock, Service

service = Service(
    name="contract",
    events=events_pb2,
    api="services.contract.api",
    settings=ContractSettings,
    reactions=reactions,
    look=lambda settings: insist(settings.seal),
    clocks=(Clock(every=0.2, tick=generate_documents),),
)
