"""Opens the exports of the synthetic study as a user would, and checks every number.

Usage: check_results.py FOLDER CHECK. The numbers follow from their places as in test/analysis/synthetic-study.ts.
"""

import itertools
import pathlib
import sys

import numpy as np

WIDTHS, RATES, ACTIVATIONS, SEEDS = [0.5, 1.0, 2.0], [0.25, 0.5], ["tanh", "erf"], 2
STEPS, LEVELS, WEIGHTS = [0, 1, 10, 100], 3, (2, 3)
GRID = list(itertools.product(range(3), range(2), range(2), range(SEEDS)))
STATUS = {(1, 0): "diverged", (2, 1): "failed", (4, 0): "missing"}


def level(cell, seed, frame, i):
    return 2.0 ** (cell % 7) * (1 + seed / 8) * (1 + frame) + i / 1024


def loss(cell, seed, frame):
    return (1 + seed) * 2.0**-frame / (1 + cell)


def cell_of(w, r, a):
    return (w * 2 + r) * 2 + a


def frames_of(cell, seed):
    return {"completed": 4, "diverged": 3}.get(STATUS.get((cell, seed), "completed"), 0)


def check_runs(folder):
    files = sorted((folder / "runs").glob("*.npz"))
    assert len(files) == 22, files
    for path in files:
        cell, seed = (int(part) for part in path.stem.split("-")[1:])
        frames = frames_of(cell, seed)
        with np.load(path, allow_pickle=False) as run:
            expected = [[level(cell, seed, f, i) for i in range(LEVELS)] for f in range(frames)]
            np.testing.assert_array_equal(run["spectrum.levels"], expected)
            np.testing.assert_array_equal(run["spectrum.levels.step"], STEPS[:frames])
            assert run["spectrum.levels.step"].dtype == np.int64
            assert run["weights.W"].shape == (frames, *WEIGHTS)
            assert run["loss.loss"].shape == (frames,)
            assert run["run.status"].item() == STATUS.get((cell, seed), "completed")
            assert run["run.seed"].shape == () and run["run.seed"].item() == seed


def check_dataset(data):
    run_dims = ("initialWidth", "learningRate", "activation", "seed")
    assert data["spectrum.levels"].dims == (*run_dims, "spectrum.frame", "level")
    assert data["weights.W"].dims == (*run_dims, "weights.frame", "unit", "unit_2")
    assert data["loss.loss"].dims == (*run_dims, "loss.frame")

    coordinates = {"initialWidth", "learningRate", "batchSize", "activation", "seed"}
    coordinates |= {f"{o}.{t}" for o in ("spectrum", "weights", "loss") for t in ("step", "epoch", "time")}
    assert set(data.coords) == coordinates, set(data.coords) ^ coordinates
    assert set(data.data_vars) == {"spectrum.levels", "weights.W", "loss.loss", "status", "label", "steps", "message"}
    np.testing.assert_array_equal(data.initialWidth, WIDTHS)
    np.testing.assert_array_equal(data.batchSize, [1, 2])
    assert data.batchSize.dims == ("learningRate",)
    assert list(data.activation.values) == ACTIVATIONS
    np.testing.assert_array_equal(data.seed, [0, 1])
    assert data.seed.dtype == np.int64
    np.testing.assert_array_equal(data["spectrum.step"], STEPS)
    assert data["spectrum.step"].dims == ("spectrum.frame",) and data["spectrum.step"].dtype == np.int64
    np.testing.assert_array_equal(data["spectrum.epoch"], np.array(STEPS) / 8)
    assert data["spectrum.time"].dims == (*run_dims, "spectrum.frame")

    assert data.initialWidth.attrs == {"long_name": "model.initialWidth", "units": "1"}
    assert data.learningRate.attrs["units"] == "1/loss"
    assert data["spectrum.levels"].attrs == {"long_name": "squared singular values", "units": "1"}
    assert data["loss.loss"].attrs["long_name"] == "loss, over all data"
    assert data.attrs["title"] == "Synthetic study"
    assert data.attrs["eigenflow_version"] == "0.1.0"
    assert data.attrs["citations"] == "arXiv:2509.01349; doi:10.1000/1"
    assert "abc123" in data.attrs["kernels"]

    for place in GRID:
        w, r, a, seed = place
        cell = cell_of(w, r, a)
        frames = frames_of(cell, seed)
        levels = np.full((4, LEVELS), np.nan)
        weights = np.full((4, 6), np.nan)
        losses, times = np.full(4, np.nan), np.full(4, np.nan)
        for f in range(frames):
            levels[f] = [level(cell, seed, f, i) for i in range(LEVELS)]
            weights[f] = [level(cell, seed, f, 100 + i) for i in range(6)]
            losses[f], times[f] = loss(cell, seed, f), STEPS[f] * RATES[r]
        np.testing.assert_array_equal(data["spectrum.levels"].values[place], levels)
        np.testing.assert_array_equal(data["weights.W"].values[place], weights.reshape(4, *WEIGHTS))
        np.testing.assert_array_equal(data["loss.loss"].values[place], losses)
        np.testing.assert_array_equal(data["spectrum.time"].values[place], times)
        assert data.status.values[place] == STATUS.get((cell, seed), "completed")
        label = "" if frames == 0 else ["ordered", "jammed"][cell % 2]
        assert data.label.values[place] == label

    # What the labels are for: selection by value, and masks by status.
    chosen = data["loss.loss"].sel(initialWidth=1, learningRate=0.5, activation="erf", seed=1)
    assert float(chosen[0]) == loss(cell_of(1, 1, 1), 1, 0)
    assert int((data.status == "diverged").sum()) == 1
    assert set(data.message.values[data.status.values == "failed"]) == {'out of memory, "sorry"'}
    assert data.attrs["runs"] == "24 runs: 21 completed, 1 diverged, 1 failed, 1 missing"


def check_zarr(folder):
    import xarray as xr

    check_dataset(xr.open_zarr(folder / "dataset.zarr").load())
    # Consolidated metadata are there: no fall-back to reading every array's own.
    check_dataset(xr.open_zarr(folder / "dataset.zarr", consolidated=True).load())


def check_netcdf(folder):
    import xarray as xr

    zarr = xr.open_zarr(folder / "dataset.zarr").load()
    for engine in ("h5netcdf", "netcdf4"):
        with xr.open_dataset(folder / "dataset.nc", engine=engine) as data:
            check_dataset(data.load())
            xr.testing.assert_identical(data, zarr)


def check_tables(folder):
    import pandas as pd

    csv = pd.read_csv(folder / "dataset.csv", keep_default_na=False, dtype={"index": str})
    parquet = pd.read_parquet(folder / "dataset.parquet")
    assert list(csv.columns) == list(parquet.columns)
    for column in csv.columns:
        assert (csv[column].to_numpy() == parquet[column].to_numpy()).all(), column
    rows = sum(frames_of(cell_of(w, r, a), s) for w, r, a, s in GRID) * (LEVELS + 6 + 1)
    assert len(parquet) == rows
    assert parquet["step"].dtype == np.int64 and parquet["value"].dtype == np.float64

    is_level = parquet[parquet.channel == "spectrum.levels"]
    for row in is_level.rename(columns={"index": "element"}).itertuples():
        cell, seed = (int(part) for part in row.run.split("-")[1:])
        assert row.value == level(cell, seed, row.frame, int(row.element)), row
        assert row.step == STEPS[row.frame] and row.seed == seed
    weight = parquet[(parquet.channel == "weights.W") & (parquet["index"] == "1;2")].iloc[0]
    assert weight.value == level(0, 0, 0, 105)
    runs = pd.read_csv(folder / "runs.csv")
    assert runs[runs.status == "failed"].message.item() == 'out of memory, "sorry"'


def check_swept_steps(folder):
    import pandas as pd
    import xarray as xr

    folder = folder / "swept-steps"
    zarr = xr.open_zarr(folder / "dataset.zarr").load()
    for engine in ("h5netcdf", "netcdf4"):
        with xr.open_dataset(folder / "dataset.nc", engine=engine) as data:
            xr.testing.assert_identical(data.load(), zarr)
    np.testing.assert_array_equal(zarr["sweep.steps"], [2, 3])
    assert zarr.steps.dims == ("sweep.steps", "seed")
    np.testing.assert_array_equal(zarr.steps, [[2, 2], [3, 3]])
    assert np.isfinite(zarr["loss.loss"].sel({"sweep.steps": 3, "seed": 1})).all()
    runs = pd.read_csv(folder / "runs.csv")
    assert list(runs.columns).count("steps") == 1 and list(runs["sweep.steps"]) == [2, 2, 3, 3]
    table = pd.read_csv(folder / "dataset.csv", keep_default_na=False)
    assert set(table["sweep.steps"]) == {2, 3} == set(pd.read_parquet(folder / "dataset.parquet")["sweep.steps"])


CHECKS = {
    "numpy opens the runs without pickle": check_runs,
    "xarray opens Zarr with names, units and coordinates": check_zarr,
    "xarray opens netCDF with both engines, the same dataset": check_netcdf,
    "pandas opens the long tables": check_tables,
    "a swept number of steps is an axis beside the steps that were made": check_swept_steps,
}

if __name__ == "__main__":
    CHECKS[sys.argv[2]](pathlib.Path(sys.argv[1]))
