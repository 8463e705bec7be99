"""The one place that assembles settings, database, Slack, handlers and schedule."""

import asyncio
import gc
import logging
import os
import secrets
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, suppress
from datetime import datetime, timedelta

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.exc import OperationalError
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.routing import Mount

from bot import policy_files, schedule
from bot.delivery import ALONE_SECONDS, HEARTBEAT_SECONDS, OutboxRelay
from bot.delivery.calendar_reads import CalendarReader
from bot.delivery.webhook_calls import WebhookCaller
from bot.jobs import Jobs
from bot.metrics import Metrics
from bot.rules.journal.checkpoints import Checkpoint
from bot.rules.on_call.calendars import Unreadable
from bot.rules.policy.policy import Policy
from bot.rules.record.facts import SYSTEM
from bot.settings import Settings, secret
from bot.usecases import policy as desk_policy
from bot.usecases import task_results
from bot.usecases.calendar import pictures
from bot.usecases.configuration_item import services
from bot.usecases.iso import history
from bot.usecases.journal.integrity import Sign
from bot.usecases.mail import answering
from bot.usecases.on_call import calendars as rota_calendars
from bot.usecases.on_call import watch as on_call_watch
from bot.usecases.register import reminders as register_reminders
from bot.usecases.report import issuing
from bot.usecases.survey import surveys
from bot.usecases.webhook import events as webhook_events
from bot.web import alerts as alert_doors
from bot.web import calendar_feed, mail, on_call_feed, server, sns
from handlers import ROUTES, register, render
from handlers.request import request_filter
from handlers.request.app import Door, Heard
from handlers.request.linked import Workspace
from handlers.workspace import client, directory
from storage import metrics
from storage.db import schema
from storage.db.clock import MachineClock, ServerClock
from storage.db.database import Database

log = logging.getLogger(__name__)

REVOKED = frozenset({"invalid_auth", "account_inactive", "token_revoked", "token_expired", "not_authed"})
RETRY_SECONDS = 5


class StartRefused(Exception):
    """Deskbell cannot start as it is set up; the message says what to mend."""


class Deskbell:
    """The bot, assembled. Its parts are public: a test works them by hand, `running` by the clock."""

    def __init__(self, settings: Settings, now: Callable[[], datetime] | None = None) -> None:
        """Needs a running event loop, for Slack's HTTP session. Goes by the desk's clock where no other is given."""
        self.settings = settings
        token, api_url = settings.bot_token.get_secret_value(), settings.slack_api_url
        self.metrics = Metrics()
        self.session = client.session(self.metrics.called)
        self.reads = client.for_reads(token, api_url, self.session)
        self.workspace = Workspace()
        posts = client.for_posts(token, api_url, self.session)
        self.webhooks = WebhookCaller(secret, allow_private=settings.webhooks_allow_private)
        self.calendars = CalendarReader(secret, allow_private=settings.webhooks_allow_private)
        self.database = Database(self._database_url, on_commit=lambda: self.relay.wake(), before_commit=_told)
        self.clock = MachineClock() if self.database.is_sqlite else ServerClock()
        moved = self.clock.moved if now is None else timedelta
        self.now = now = now or self.clock.now
        self.relay = OutboxRelay(
            self.database,
            posts,
            render.renderer(self.workspace),
            now,
            owner=f"{os.getpid()}-{secrets.token_hex(4)}",
            report=task_results.landed,
            http_timeout_seconds=client.TIMEOUT_SECONDS,
            heartbeat_seconds=ALONE_SECONDS if self.database.is_sqlite else HEARTBEAT_SECONDS,
            moved=moved,
            webhooks=self.webhooks,
        )
        self.bolt = _bolt(settings, posts, self.metrics.answered)
        keep = timedelta(days=settings.keep_days)
        self.jobs = Jobs(self.database, self.clock, now, _signing(settings), settings.audit_file, keep)
        self.not_ready = ["Deskbell is starting."]
        self.not_connected = ["The socket to Slack is not open yet."] if settings.socket_mode else []
        register(self.bolt, self.database, self.reads, now, settings.public_url, self.workspace)

    @property
    def _database_url(self) -> str:
        return self.settings.database_url.get_secret_value()

    async def prepare_storage(self) -> None:
        """The schema and a policy in force. Raises SchemaUnfit, SettingsFault, PolicyFaults."""
        if self.database.is_sqlite:
            await asyncio.to_thread(schema.migrate, self._database_url)
        else:
            await asyncio.to_thread(schema.require_fit, self._database_url)
        await self.jobs.read_clock()
        given = policy_files.load(self.settings.policy) if self.settings.policy else None
        async with self.database.begin() as tx:
            desk = await desk_policy.begin(tx, given, by=SYSTEM, now=self.now())
            await services.follow(tx, desk.policy, desk.version, self.now())
            await pictures.set_up(tx, self.now())
            await issuing.set_up(tx, self.now())
            await surveys.set_up(tx, self.now())
            await history.set_up(tx, self.now())
            await register_reminders.set_up(tx, self.now())
            await on_call_watch.set_up(tx, self.now())

    async def prepare_workspace(self) -> None:
        """Token, channels, people and groups. Raises StartRefused for a token that will never do, SlackApiError."""
        try:
            self.workspace.address = str((await self.reads.auth_test()).get("url") or "")
        except SlackApiError as fault:
            if fault.response.get("error") in REVOKED:
                raise StartRefused(
                    f"Slack does not accept SLACK_BOT_TOKEN ({fault.response['error']}). "
                    "`deskbell doctor` says where its value is found."
                ) from None
            raise
        await self.refresh_directory()

    async def read_mailboxes(self) -> None:
        """Of the policy, those that are read by IMAP. What they need is imported where there is one."""
        async with self.database.read() as tx:
            wanted = any(one.imap for one in (await desk_policy.in_force(tx)).policy.mailboxes.values())
        if wanted:
            from bot.web import imap

            await imap.read_all(self.database, self.now, secret)

    async def read_calendars(self) -> None:
        """Those of the policy that are kept elsewhere, each when its time has come."""
        async with self.database.read() as tx:
            due = await rota_calendars.due(tx, self.now())
            names = await rota_calendars.names(tx) if due else {}
        for one in due:
            if self.jobs.ending:
                return
            try:
                content = await self.calendars.read(one.calendar)
                found = await rota_calendars.understood_aside(one.calendar, content, names, self.now())
            except Unreadable as fault:
                async with self.database.begin() as tx:
                    await rota_calendars.failed(tx, one.key, fault, self.now())
                continue
            async with self.database.begin() as tx:
                await rota_calendars.apply(tx, one.key, found, self.now())

    async def refresh_directory(self) -> None:
        """People, groups and channels. The desk is ready once it can post wherever its policy says."""
        report = await directory.refresh(self.reads, self.database, await self.policy(), self.now())
        self.not_ready = [f"#{name} cannot be posted to: {why}." for name, why in report.unreachable.items()]
        self.relay.wake()

    async def policy(self) -> Policy:
        async with self.database.read() as tx:
            return (await desk_policy.in_force(tx)).policy

    async def readiness(self) -> list[str]:
        """Why it cannot serve yet, a sentence each."""
        try:
            await self.policy()
        except Exception as fault:  # noqa: BLE001 - whatever ails the database, /ready must say so and not fail
            log.warning("not ready: %s", fault)
            return [*self.not_ready, *self.not_connected, "The database does not answer."]
        return [*self.not_ready, *self.not_connected]

    async def scrape(self) -> bytes:
        return await self.metrics.text(self._readings, ready=not (self.not_ready or self.not_connected))

    async def _readings(self) -> metrics.Readings | None:
        try:
            async with self.database.read(long=True) as tx:
                return await metrics.read(tx, self.now())
        except Exception as fault:  # noqa: BLE001 - whatever ails the database, the other numbers must still be told
            log.warning("the metrics lack the database's: %s", fault)
            return None

    async def close(self) -> None:
        await self.database.close()
        await self.session.close()
        await self.webhooks.close()
        await self.calendars.close()


async def _told(tx: AsyncSession) -> None:
    """What a transaction put on record, to those outside of Slack: programs, and people who wrote by e-mail."""
    await webhook_events.tell(tx)
    await answering.tell(tx)


def _signing(settings: Settings) -> Sign:
    """Without a key, checkpoints stand unsigned."""
    if settings.audit_key is None:
        return _unsigned
    from bot.rules.journal import signing

    return signing.signer(settings.audit_key.get_secret_value()).sign


def _unsigned(checkpoint: Checkpoint) -> Checkpoint:
    return checkpoint


def _bolt(settings: Settings, slack: AsyncWebClient, heard: Heard) -> Door:
    secret = settings.signing_secret.get_secret_value() if settings.signing_secret else None
    # Answered from within the request: a submission is acknowledged last, with the truth (law 2).
    door = Door(
        name="deskbell",  # else Bolt looks for a name on the call stack, and reads every file on it: 0.05 s a start
        client=slack,
        signing_secret=secret,
        process_before_response=True,
        request_verification_enabled=not settings.socket_mode,
        before_authorize=request_filter.RequestFilter(settings.slack_api_url),
    )
    door.heard, door.names = heard, ROUTES.names
    return door


@asynccontextmanager
async def running(
    settings: Settings, *, now: Callable[[], datetime] | None = None, serve_web: bool = True
) -> AsyncIterator[Deskbell]:
    """The bot at work until the block is left. Raises StartRefused, CannotListen, SchemaUnfit, PolicyFaults."""
    async with AsyncExitStack() as stack:
        bot = Deskbell(settings, now)
        stack.push_async_callback(bot.close)
        stack.push_async_callback(bot.bolt.rest)
        await bot.prepare_storage()
        if serve_web:
            await stack.enter_async_context(serving(bot))
        await _until_prepared(bot)
        if settings.app_token:
            await stack.enter_async_context(connected(bot, settings.app_token.get_secret_value()))
        await stack.enter_async_context(_ticking(bot))
        _calm_collector()
        log.info("Deskbell is ready")
        yield bot


def _calm_collector() -> None:
    """What a start leaves behind is there for good: the collector need not walk it again, 0.1 s each time.

    By default it looks for cycles after every 700 objects, which was a tenth of what a busy second costs.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


async def serve(settings: Settings) -> None:
    """Serves a workspace until SIGINT or SIGTERM."""
    await until_signalled(running(settings))


async def until_signalled(house: AbstractAsyncContextManager[object]) -> None:
    """Keeps the house open until SIGINT or SIGTERM; one that comes while it is being opened ends that too."""
    stop, opened = asyncio.Event(), asyncio.Event()
    for one in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(one, stop.set)

    async def live() -> None:
        async with house:
            opened.set()
            await stop.wait()

    living, stopping = asyncio.create_task(live()), asyncio.create_task(stop.wait())
    await asyncio.wait({living, stopping}, return_when=asyncio.FIRST_COMPLETED)
    if not opened.is_set():
        living.cancel()
    stopping.cancel()
    with suppress(asyncio.CancelledError):
        await living


async def _until_prepared(bot: Deskbell) -> None:
    """Slack may be out of reach when the bot starts, or the database let go of it: /ready says so and the start waits.

    A channel that cannot be posted to holds nothing up: what is for it waits, and /ready says so.
    """
    while True:
        try:
            return await bot.prepare_workspace()
        except (SlackApiError, aiohttp.ClientError, TimeoutError, OSError) as fault:
            bot.not_ready = [f"Slack does not let the desk be set up: {type(fault).__name__}: {fault}"]
            log.warning("%s Trying again in %s s.", bot.not_ready[0], RETRY_SECONDS)
        except OperationalError as fault:
            # /ready is read by anybody, and the driver's words name hosts and accounts.
            bot.not_ready = ["The database does not let the desk be set up."]
            log.warning("%s Trying again in %s s: %s", bot.not_ready[0], RETRY_SECONDS, fault)
        await asyncio.sleep(RETRY_SECONDS)


@asynccontextmanager
async def _ticking(bot: Deskbell) -> AsyncIterator[None]:
    """The relay's loop, and APScheduler's heartbeat."""
    relay = asyncio.create_task(bot.relay.run(), name="relay")
    jobs = bot.jobs
    ticks = schedule.build(
        sweep=jobs.sweep,
        long_timers=jobs.long_timers,
        figure_samples=jobs.figure_samples,
        seal=jobs.seal,
        audit=jobs.audit,
        directory=bot.refresh_directory,
        prune=jobs.prune,
        tidy=jobs.tidy,
        clock=jobs.read_clock,
        alerts=jobs.alerts,
        listen=jobs.listen,
        mail=bot.read_mailboxes,
        calendars=bot.read_calendars,
    )
    ticks.start()
    try:
        yield
    finally:
        jobs.ending = True
        await ticks.stop()
        await bot.relay.stop()
        await relay


def _api(bot: Deskbell) -> list[Mount]:
    """The REST API, where it is on: it costs a start 0.2 s and 11 MiB."""
    if not bot.settings.api:
        return []
    from bot.web.api.app import mounted

    return [mounted(bot.database, bot.now)]


def serving(bot: Deskbell) -> AbstractAsyncContextManager[str]:
    """The bot's HTTP doors; gives their address. Raises CannotListen."""
    feeds = calendar_feed.route(bot.database, bot.now, bot.settings.public_url)
    turns = on_call_feed.routes(bot.database, bot.now, bot.settings.public_url)
    bolt = None if bot.settings.socket_mode else bot.bolt
    doors = alert_doors.routes(bot.database, bot.now, secret, sns.Certificates(bot.session))
    mail_door = mail.route(bot.database, bot.now, secret)
    application = server.application(bolt, bot.readiness, bot.scrape, [*turns, feeds, *doors, mail_door, *_api(bot)])
    return server.serving(application, bot.settings.host, bot.settings.port)


@asynccontextmanager
async def connected(bot: Deskbell, app_token: str) -> AsyncIterator[None]:
    """Socket Mode."""
    from bot.web.slack_socket import SocketDoor

    handler = SocketDoor(bot.bolt, app_token, web_client=bot.reads)
    try:
        await handler.connect_async()  # type: ignore[no-untyped-call]
        bot.not_connected = []
        yield
    finally:
        await handler.close_async()
