"""The worker zone: jobs, the calls that shops are owed, and the letters that people are."""

from ippgateway.app import worker
from ippgateway.app.database.access import as_zone, main_database
from ippgateway.app.settings import Settings
from ippgateway.app.wiring import platform_for
from ippgateway.connectors.notify.sender import HttpSender
from ippgateway.connectors.smtp.carrier import Encryption, MailServer, SmtpCarrier
from ippgateway.privacy.zones import Zone


async def run(settings: Settings) -> None:
    """Until a signal ends it."""
    async with platform_for(Zone.WORKER, settings) as platform:
        ending = worker.ended_by_signals()
        sender = HttpSender(allow_private=settings.notify_private)
        connect = as_zone(settings, Zone.WORKER, main_database(settings))
        await worker.run(platform, sender, carrier(settings), connect, ending=ending)


def carrier(settings: Settings) -> SmtpCarrier:
    """The way to the mail server, as the settings have it."""
    server = MailServer(
        host=settings.smtp_host, port=settings.smtp_port, encryption=Encryption(settings.smtp_tls),
        trusted=settings.smtp_ca, user=settings.smtp_user, password=settings.smtp_password,
    )  # fmt: skip
    return SmtpCarrier(server, sender=settings.smtp_sender, name=f"{settings.operator_name} Platform")
