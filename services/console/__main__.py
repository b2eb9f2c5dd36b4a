from services.console.app import application
from services.console.settings import ConsoleSettings
from shared.web.serve import launch

launch("console", application, ConsoleSettings)
