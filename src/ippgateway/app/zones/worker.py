"""The worker zone: jobs, the calls that shops are owed, and the letters that people are."""

from ippgateway.app import worker
from ippgateway.app.database.access import as_zone, main_database
from ippgateway.app.settings import Settings
from ippgateway.app.wiring import gate_for, platform_for
from ippgateway.connectors.gate import Gate
from ippgateway.connectors.notify.sender import HttpSender
from ippgateway.connectors.smtp.carrier import Encryption, MailServer, SmtpCarrier
from ippgateway.privacy.catalogue import MAIL, MAIL_PROVIDER, NOTIFY, SHOP
from ippgateway.privacy.zones import Zone


async def run(settings: Settings) -> None:
    """Until a signal ends it."""
    async with platform_for(Zone.WORKER, settings) as platform, gate_for(platform, MAIL) as gate:
        ending = worker.ended_by_signals()
        sender = HttpSender(gate.to(SHOP, NOTIFY), allow_private=settings.notify_private)
        connect = as_zone(settings, Zone.WORKER, main_database(settings))
        await worker.run(platform, sender, carrier(settings, gate), connect, ending=ending)


def carrier(settings: Settings, gate: Gate) -> SmtpCarrier:
    """The way to the mail server, as the settings have it."""
    server = MailServer(
        host=settings.smtp_host, port=settings.smtp_port, encryption=Encryption(settings.smtp_tls),
        trusted=settings.smtp_ca, user=settings.smtp_user, password=settings.smtp_password,
    )  # fmt: skip
    return SmtpCarrier(
        server, gate.to(MAIL_PROVIDER, MAIL), sender=settings.smtp_sender, name=f"{settings.operator_name} Platform"
    )
