# SPDX-License-Identifier: GPL-3.0-or-later
"""``switchyard-lab rehearse services.yml``: what would happen if each service were released, well and badly."""

from __future__ import annotations

import argparse
import os
import sys
import time
import traceback
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import mkdtemp

from ..arguments import positive
from ..client import LabProcess
from ..settings import Settings
from . import variables
from .blueprint import draw
from .builder import BAD, ERROR_PERCENT, GOOD, Builder
from .described import Described, read_described
from .inventory import NotReadyError, first_line
from .play import Released, file_name, release
from .services import Service, read_services

# As late and as slow as AWS, in milliseconds; the lag of metrics is in seconds.
ACCOUNT = {"latency_ms": 20, "propagation_ms": 5000, "metric_lag": Settings.metric_lag}
UNUSABLE = set("?#{")  # in the path of a store; templates of Ansible begin with a brace
INTERRUPTED = 130  # of a shell, for what Ctrl-C has ended
EXPECTED = {GOOD: "succeeded", BAD: "rolled_back"}
KINDS = {GOOD: "good image", BAD: f"bad image ({ERROR_PERCENT} % errors)"}


def main(arguments: Sequence[str]) -> int:
    """1 when a service is not ready, a good release did not succeed, or a bad one was not returned."""
    options = _parser().parse_args(arguments)
    problems: dict[str, str] = {}
    try:
        services = read_services(options.inventory, options.limit)
        described = read_described(options.described)
        folder = _new_folder(options.output)
        _leave_the_world()
        for sentence in described.unused:
            print(sentence)
        for service in services:
            problems[service.host] = _problem(service, described, options, folder)
    except NotReadyError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        _summarize(problems)
        print("Interrupted: the rest was not rehearsed.", file=sys.stderr)
        return INTERRUPTED
    _summarize(problems)
    return 1 if any(problems.values()) else 0


def _leave_the_world() -> None:
    """From here on, only the lab is asked: neither by a person's profile and endpoints, nor through a proxy."""
    for name in list(os.environ):
        if name.startswith("AWS_") or name.lower().endswith("_proxy"):
            del os.environ[name]
    os.environ["AWS_CONFIG_FILE"] = os.environ["AWS_SHARED_CREDENTIALS_FILE"] = os.devnull


def _summarize(problems: Mapping[str, str]) -> None:
    """Of one service, everything is said already."""
    if len(problems) > 1:
        print("Summary:")
        print("\n".join(f"  {host}: {problem or 'as it should be'}" for host, problem in problems.items()), flush=True)


def _problem(service: Service, described: Described, options: argparse.Namespace, folder: Path) -> str:
    """In a sentence; empty where everything went as it should. Whatever is wrong with one service, the others are
    rehearsed."""
    print(f"{service.host}:", flush=True)
    try:
        return _rehearse(service, described, options, folder)
    except NotReadyError as error:
        problem = f"not rehearsed: {error}"
    except Exception as error:
        log = folder / f"{file_name(service.host)}-error.log"
        log.write_text(traceback.format_exc(), encoding="utf-8")
        problem = f"not rehearsed: {type(error).__name__}: {first_line(error)} The details are in {log}."
    print(f"  {problem}", flush=True)
    return problem


def _new_folder(output: Path) -> Path:
    """In the folder that a person named, so that nothing of theirs and no earlier rehearsal is in the way."""
    whole = output.resolve()  # without .., which the URL of a store must not have in it
    if unusable := sorted(UNUSABLE & set(str(whole))):
        raise NotReadyError(f"--output: {whole} cannot be used: a store's URL must not have {' or '.join(unusable)}.")
    try:
        whole.mkdir(parents=True, exist_ok=True)
        return Path(mkdtemp(prefix=time.strftime("%Y%m%dT%H%M%S-"), dir=whole))
    except OSError as error:
        raise NotReadyError(f"--output: {output} cannot be used: {error.strerror}.") from error


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="switchyard-lab rehearse", description=__doc__)
    parser.add_argument("inventory", help="with the services, as ansible-playbook takes it")
    parser.add_argument("--limit", default="bluegreen", help="the services to rehearse, as a pattern (default: all)")
    parser.add_argument(
        "--described",
        type=Path,
        metavar="FOLDER",
        help="the saved output of aws … describe-… as *.json: more of it is true",
    )
    parser.add_argument(
        "--rate", type=positive, default=50, help="requests per second, to each route (default: %(default)s)"
    )
    parser.add_argument("--speed", type=positive, default=20, help="divides every duration (default: %(default)s)")
    parser.add_argument(
        "--output",
        type=Path,
        default=Path("build/rehearsal"),
        help="where a folder for the logs and pages is made (default: %(default)s)",
    )
    return parser


def _rehearse(service: Service, described: Described, options: argparse.Namespace, folder: Path) -> str:
    """One service, on a lab of its own."""
    if service.findings:
        print("\n".join(f"  refused: {each}" for each in service.findings))
        return "refused: a release would not begin with this definition."
    blueprint = draw(service.values, described)
    for sentence in variables.not_rehearsed(service):
        print(f"  not rehearsed: {sentence}")
    with LabProcess(speed=options.speed, seed=False, **ACCOUNT) as lab:
        built = Builder(lab, blueprint).build()
        for sentence in (*blueprint.notes, *built.notes):
            print(f"  {sentence}")
        urls = {arn: built.urls[arn] for arn in service.values["routes"]}
        print(f"  stand-in: {blueprint.size['DesiredCapacity']} instances, {', '.join(urls.values())}", flush=True)
        store = folder / "store"
        store.mkdir(exist_ok=True)
        problems = []
        for image, expected in EXPECTED.items():
            said = variables.overrides(service, built, image, store, options.speed)
            seen = release(lab, options.inventory, service, said, urls, options.rate, folder)
            _print(image, seen, service, options.speed)
            if seen.end_state != expected:
                watched = said["bluegreen_alarms"] or said["bluegreen_metrics"]
                why = "" if watched else ", for no alarm and no metric watched it"
                problems.append(f"the {KINDS[image]} ended as {seen.end_state}, not as {expected}{why}.")
    return " ".join(problems)


def _print(image: str, seen: Released, service: Service, speed: float) -> None:
    print(f"  {KINDS[image]}: {seen.end_state} in {seen.seconds:.0f} s at speed {speed:g}", end="")
    print(f"; its bakes take {_minutes(service.baking_seconds)} on AWS" if image == GOOD else "")
    print(f"    {seen.requests} requests, {seen.failed} failed")
    if seen.message:
        print(f"    {seen.message}")
    print(f"    {seen.page.as_uri() if seen.page.exists() else seen.log}", flush=True)


def _minutes(seconds: float) -> str:
    return f"{seconds / 60:.0f} minutes" if seconds >= 120 else f"{seconds:.0f} s"
