"""Units on a Dask cluster of two worker processes; skipped where `distributed` is not installed."""

from __future__ import annotations

import os
import signal
import sys
import warnings
from pathlib import Path

import pytest
from small_runs import as_is, cashless, small
from test_run_folder_resume import files, units

distributed = pytest.importorskip("distributed", reason="the extra `dask` is not installed")

HERE = str(Path(__file__).parent)
MANY = 32

pytestmark = pytest.mark.filterwarnings("ignore")


def asked():
    return small(as_is(), cashless(), replications=MANY)


def import_from(folder: str) -> int:
    """Let a worker find this folder's modules; return its process."""
    sys.path.insert(0, folder)
    return os.getpid()


@pytest.fixture
def cluster(tmp_path):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with (
            distributed.LocalCluster(
                n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None,
                local_directory=str(tmp_path / "dask"),
            ) as made,
            distributed.Client(made) as client,
        ):  # fmt: skip
            client.run(import_from, HERE)
            yield client


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    folder = tmp_path_factory.mktemp("alone")
    asked().run(folder, workers=1)
    return folder


def test_a_cluster_finds_what_one_machine_finds(cluster, whole, tmp_path):
    asked().run(tmp_path / "run", workers=2, executor=cluster.get_executor())
    assert files(tmp_path / "run") == files(whole)
    kept = asked().run(workers=2, executor=cluster.get_executor())
    assert kept.frame().equals(asked().run(workers=1).frame())


def test_a_worker_killed_half_way_is_made_up_for(cluster, whole, tmp_path):
    victim = next(iter(cluster.run(os.getpid).values()))
    killed = []

    def kill_half_way(done, planned, text):
        if not killed and done >= 2:
            killed.append(victim)
            os.kill(victim, signal.SIGKILL)

    asked().run(tmp_path / "run", workers=2, executor=cluster.get_executor(retries=3), progress=kill_half_way)
    assert killed
    assert len(units(tmp_path / "run")) == MANY
    assert files(tmp_path / "run") == files(whole)
