from services.gateway.app import application
from shared.web.serve import launch

launch("gateway", application)
