"""Everything a process works with, opened once and closed in the right order."""

from dataclasses import dataclass

from core import jobs
from core.db import Database
from core.log import Runner
from core.settings import Settings
from loyalty.backtest.process import BacktestProcess
from personalization.recommendations.serving import Recommender
from regulars import logs, schema
from regulars.wiring import reactions
from tasks import celery, nudges, runtime
from tracking.collect.intake import Intake
from tracking.stores.directory import Directory


@dataclass(frozen=True, kw_only=True)
class Services:
    """A process's settings, database, stores, intake, reactions and recommendations."""

    settings: Settings
    database: Database
    directory: Directory
    intake: Intake
    runner: Runner
    recommender: Recommender
    backtests: BacktestProcess


def open_services(settings: Settings) -> Services:
    """Open the database, check that its schema is this version's, and let nudges flow; raises SchemaBehind."""
    logs.configure(settings.log_level)
    database = Database(settings.database_url)
    schema.load_models()
    schema.require_current(database)
    directory = Directory(database, master=settings.secret_key)
    every = reactions(settings)
    runner = Runner(database, every)
    runner.prepare()
    celery.configure(settings)
    nudges.nudger.use(every)
    jobs.send_through(nudges.send)
    recommender = Recommender(database, settings, directory)
    # Own commits reach the live view at once; what other processes append is read from the log's tail.
    database.listeners.extend((recommender.feed, nudges.nudger.appended))
    runtime.use(runtime.Runtime(settings=settings, database=database, directory=directory, runner=runner))
    return Services(
        settings=settings,
        database=database,
        directory=directory,
        intake=Intake(database),
        runner=runner,
        recommender=recommender,
        backtests=BacktestProcess(settings.database_url),
    )


def close_services(services: Services) -> None:
    """Write what was accepted, then close the database."""
    services.intake.stop()
    services.recommender.stop()
    services.backtests.close()
    services.database.close()
