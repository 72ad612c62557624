"""What scripts ordinarily do with libraries works in a confined worker."""

from __future__ import annotations

import re

import pytest
from locked import Zygote, run_script

WORKS = {
    "pillow": """
        import io
        from PIL import Image, ImageFilter

        def process(content):
            sizes = []
            for kind in ("PNG", "JPEG", "WEBP"):
                file = io.BytesIO()
                Image.new("RGB", (64, 48), "red").save(file, kind)
                image = Image.open(io.BytesIO(file.getvalue())).convert("RGB").resize((32, 32)).filter(ImageFilter.BLUR)
                sizes.append(image.size)
            assert sizes == [(32, 32)] * 3
        """,
    "pillow text": """
        from PIL import Image, ImageDraw, ImageFont

        def process(content):
            image = Image.new("L", (80, 20))
            ImageDraw.Draw(image).text((2, 2), "digits", fill=255, font=ImageFont.load_default())
            assert image.getbbox()
        """,
    "numpy linear algebra with two threads": """
        import numpy as np
        from threadpoolctl import threadpool_info, threadpool_limits

        def process(content):
            with threadpool_limits(2):
                assert any(pool["num_threads"] == 2 for pool in threadpool_info())
                a = np.random.default_rng(0).normal(size=(600, 600))
                assert np.allclose(a @ np.linalg.inv(a), np.eye(600), atol=1e-6)
                u, s, v = np.linalg.svd(a[:200])
                assert np.allclose(np.linalg.eigvalsh(a[:50] @ a[:50].T)[::-1], np.linalg.svd(a[:50])[1] ** 2)
        """,
    "numpy files": """
        import tempfile
        from pathlib import Path
        import numpy as np

        def process(content):
            path = Path(tempfile.mkdtemp()) / "a.npy"
            np.save(path, np.arange(10))
            mapped = np.load(path, mmap_mode="r+")
            mapped[3] = 33
            mapped.flush()
            assert np.load(path)[3] == 33
        """,
    "scipy": """
        import numpy as np
        from scipy import fft, interpolate, linalg, ndimage, optimize, signal, sparse, stats

        def process(content):
            x = np.random.default_rng(0).normal(size=512)
            assert np.allclose(fft.ifft(fft.fft(x, workers=2), workers=2).real, x)
            a = x[:400].reshape(20, 20)
            p, l, u = linalg.lu(a)
            assert np.allclose(p @ l @ u, a)
            assert signal.sosfilt(signal.butter(4, 0.2, output="sos"), x).shape == x.shape
            assert abs(optimize.minimize_scalar(lambda t: (t - 2) ** 2).x - 2) < 1e-6
            assert ndimage.gaussian_filter(a, 1).shape == a.shape
            assert sparse.csr_matrix(a).nnz == 400
            assert stats.norm.cdf(0) == 0.5
            assert interpolate.CubicSpline([0, 1, 2], [0, 1, 4])(1.5) == 2.25
        """,
    "pandas": """
        import io
        import tempfile
        import pandas as pd

        def process(content):
            frame = pd.DataFrame({"when": pd.date_range("2024-01-01", periods=6, tz="Europe/Paris"), "n": range(6)})
            path = tempfile.gettempdir() + "/a.csv"
            frame.to_csv(path, index=False)
            back = pd.read_csv(path, parse_dates=["when"])
            assert back["n"].rolling(2).mean().iloc[-1] == 4.5
            assert pd.read_csv(io.StringIO("a;b\\n1;2"), sep=";").loc[0, "b"] == 2
            assert back.groupby(back.n % 2).n.sum().tolist() == [6, 9]
        """,
    "scikit-learn": """
        import numpy as np
        from sklearn.ensemble import RandomForestClassifier
        from sklearn.neighbors import KNeighborsClassifier
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import StandardScaler
        import joblib

        def process(content):
            x = np.random.default_rng(0).normal(size=(200, 4))
            y = (x[:, 0] > 0).astype(int)
            for jobs in (1, 2):
                forest = RandomForestClassifier(20, n_jobs=jobs, random_state=0).fit(x, y)
                assert forest.score(x, y) > 0.95
            with joblib.parallel_config(backend="threading", n_jobs=2):
                assert RandomForestClassifier(20, random_state=0).fit(x, y).score(x, y) > 0.95
            assert make_pipeline(StandardScaler(), KNeighborsClassifier(n_jobs=2)).fit(x, y).score(x, y) > 0.9
        """,
    "joblib files": """
        import tempfile
        import joblib
        import numpy as np

        def process(content):
            path = tempfile.mkdtemp() + "/scaler.joblib"
            joblib.dump({"mean": np.zeros(3)}, path, compress=3)
            assert joblib.load(path)["mean"].shape == (3,)
        """,
    "opencv": """
        import cv2
        import numpy as np

        def process(content):
            cv2.setNumThreads(2)
            image = np.random.default_rng(0).integers(0, 255, (720, 1280, 3), np.uint8)
            for kind in (".png", ".jpg"):
                ok, data = cv2.imencode(kind, image)
                assert ok and cv2.imdecode(data, cv2.IMREAD_COLOR).shape == image.shape
            assert cv2.resize(image, (224, 224), interpolation=cv2.INTER_AREA).shape == (224, 224, 3)
            assert cv2.GaussianBlur(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), (5, 5), 0).shape == (720, 1280)
            assert cv2.warpAffine(image, np.float32([[1, 0, 5], [0, 1, 5]]), (1280, 720)).shape == image.shape
        """,
    "tokenizers": """
        import os
        os.environ["TOKENIZERS_PARALLELISM"] = "true"
        os.environ["RAYON_NUM_THREADS"] = "2"
        import tempfile
        from tokenizers import Tokenizer, models, pre_tokenizers, trainers

        def process(content):
            tokenizer = Tokenizer(models.BPE(unk_token="?"))
            tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
            tokenizer.train_from_iterator(["a few words", "some more words"] * 50, trainers.BpeTrainer(vocab_size=60))
            path = tempfile.mkdtemp() + "/tokenizer.json"
            tokenizer.save(path)
            many = Tokenizer.from_file(path).encode_batch(["some words"] * 500)
            assert len(many) == 500 and many[0].ids
        """,
    "tempfile": """
        import os
        import shutil
        import tempfile
        from pathlib import Path

        def process(content):
            with tempfile.TemporaryDirectory() as folder, tempfile.NamedTemporaryFile(suffix=".txt") as named:
                named.write(b"abc")
                named.flush()
                a, b = Path(folder, "a"), Path(folder, "deep/er")
                b.mkdir(parents=True)
                shutil.copy(named.name, a)
                shutil.copy2(named.name, b / "c")
                shutil.copytree(b, Path(folder, "copy"))
                a.rename(b / "moved")
                os.replace(b / "moved", a)
                os.symlink(a, b / "link")
                assert (b / "link").read_text() == "abc"
                a.touch()
                a.chmod(0o600)
                with a.open("r+") as file:
                    file.truncate(1)
                assert a.stat().st_size == 1
                shutil.move(a, b / "last")
            with tempfile.TemporaryFile() as file, tempfile.SpooledTemporaryFile(10) as spooled:
                file.write(b"x" * 100)
                spooled.write(b"x" * 100)
            assert Path.home().is_dir() and tempfile.gettempdir() == str(Path.home())
        """,
    "logging": """
        import logging
        import logging.handlers
        import sys
        import tempfile
        import warnings

        def process(content):
            logging.basicConfig(level="INFO", format="%(asctime)s %(process)d %(threadName)s %(message)s")
            logging.info("logged")
            handler = logging.handlers.RotatingFileHandler(tempfile.gettempdir() + "/log", maxBytes=100, backupCount=2)
            for number in range(20):
                handler.emit(logging.LogRecord("a", 20, "a.py", number, "line", None, None))
            warnings.warn("warned")
            print("printed")
            print("to stderr", file=sys.stderr)
        """,
    "zoneinfo": """
        import datetime
        import time
        import zoneinfo

        def process(content):
            there = datetime.datetime(2024, 7, 1, tzinfo=zoneinfo.ZoneInfo("America/New_York"))
            assert there.utcoffset() == datetime.timedelta(hours=-4)
            assert len(zoneinfo.available_timezones()) > 100
            assert datetime.datetime.now().astimezone().tzinfo
            assert time.strftime("%Y", time.localtime()) >= "2024"
            time.sleep(0.001)
        """,
    "imports inside process": """
        def process(content):
            import colorsys, csv, difflib, email, html, http.client, urllib.request, xml.etree.ElementTree
            import importlib.metadata, importlib.resources, inspect, pkgutil, platform, ssl, sqlite3, tomllib
            import helper

            assert importlib.metadata.version("numpy") and platform.platform() and ssl.create_default_context()
            assert helper.TEN == 10
        """,
    "files beside the script": """
        from pathlib import Path

        LABELS = Path(__file__).with_name("labels.txt").read_text().split()

        def process(content):
            assert LABELS == ["cat", "dog"] == open("labels.txt").read().split()
            assert sorted(p.name for p in Path.cwd().iterdir()) == ["helper.py", "labels.txt", "script.py"]
        """,
    "sqlite3": """
        import sqlite3
        import tempfile

        def process(content):
            for where in (":memory:", tempfile.gettempdir() + "/a.db"):
                with sqlite3.connect(where) as base:
                    base.execute("pragma journal_mode = delete")
                    base.execute("create table t (n integer)")
                    base.executemany("insert into t values (?)", [(n,) for n in range(100)])
                    base.commit()
                    base.execute("vacuum")
                    assert base.execute("select sum(n) from t").fetchone() == (4950,)
        """,
    "threads": """
        import concurrent.futures
        import queue
        import threading
        from multiprocessing.pool import ThreadPool

        def process(content):
            with concurrent.futures.ThreadPoolExecutor(8) as pool:
                assert sum(pool.map(lambda n: n * n, range(100))) == 328350
            waiting = queue.Queue()
            thread = threading.Thread(target=waiting.put, args=(1,), name="mine")
            thread.start()
            assert waiting.get(timeout=5) == 1
            thread.join()
            with ThreadPool(2) as pool:
                assert pool.map(abs, [-1, -2]) == [1, 2]
        """,
    "json and orjson": """
        import json
        import orjson
        import numpy as np

        def process(content):
            assert json.loads(json.dumps({"a": [1, 2.5, None]})) == orjson.loads(orjson.dumps({"a": [1, 2.5, None]}))
            assert orjson.dumps(np.arange(3), option=orjson.OPT_SERIALIZE_NUMPY) == b"[0,1,2]"
        """,
    "archives": """
        import bz2, gzip, io, lzma, tarfile, tempfile, zipfile, zlib
        from pathlib import Path

        def process(content):
            folder = Path(tempfile.mkdtemp())
            (folder / "a.txt").write_text("text" * 1000)
            for module in (bz2, gzip, lzma, zlib):
                assert module.decompress(module.compress(b"abc" * 100)) == b"abc" * 100
            with gzip.open(folder / "a.gz", "wb") as file:
                file.write(b"abc")
            with zipfile.ZipFile(folder / "a.zip", "w", zipfile.ZIP_DEFLATED) as file:
                file.write(folder / "a.txt", "a.txt")
            zipfile.ZipFile(folder / "a.zip").extractall(folder / "unzipped")
            with tarfile.open(folder / "a.tar.gz", "w:gz") as file:
                file.add(folder / "a.txt", "a.txt")
            tarfile.open(folder / "a.tar.gz").extractall(folder / "untarred")
            assert (folder / "unzipped/a.txt").read_text() == (folder / "untarred/a.txt").read_text()
        """,
    "numbers": """
        import cmath, decimal, fractions, itertools, math, random, statistics

        def process(content):
            assert decimal.Decimal("0.1") * 3 == decimal.Decimal("0.3") and fractions.Fraction(1, 3) * 3 == 1
            assert statistics.median([1, 2, 10]) == 2 and 0 <= random.random() < 1
        """,
    "texts": """
        import gettext, locale, re, string, textwrap, unicodedata

        def process(content):
            locale.setlocale(locale.LC_ALL, "")
            assert unicodedata.normalize("NFC", "e\\u0301") == "\\u00e9" and locale.getpreferredencoding() == "UTF-8"
            assert locale.setlocale(locale.LC_NUMERIC, "C") == "C"
        """,
    "identifiers and hashes": """
        import hashlib, hmac, mimetypes, os, secrets, uuid

        def process(content):
            assert len({uuid.uuid4(), uuid.uuid1(), uuid.uuid5(uuid.NAMESPACE_DNS, "a")}) == 3
            assert len(secrets.token_bytes(16)) == len(os.urandom(16)) == 16
            assert hashlib.sha256(b"").hexdigest().startswith("e3b0") and hashlib.scrypt(b"a", salt=b"b", n=2, r=8, p=1)
            assert hmac.new(b"k", b"m", "sha256").hexdigest()
            assert mimetypes.guess_type("a.png") == ("image/png", None)
        """,
    "asyncio": """
        import asyncio

        def process(content):
            async def main():
                async with asyncio.timeout(5), asyncio.TaskGroup() as group:
                    tasks = [group.create_task(asyncio.to_thread(pow, n, 2)) for n in range(10)]
                    await asyncio.sleep(0.001)
                return sum(task.result() for task in tasks)

            assert asyncio.run(main()) == 285
        """,
    "ctypes": """
        import ctypes
        import ctypes.util

        def process(content):
            libc = ctypes.CDLL(None)
            assert libc.abs(-3) == 3
            libm = ctypes.CDLL("libm.so.6")
            libm.sqrt.restype, libm.sqrt.argtypes = ctypes.c_double, [ctypes.c_double]
            assert libm.sqrt(9.0) == 3.0
            called = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_int)(lambda n: n + 1)
            assert called(1) == 2
        """,
    "pickle and dataclasses": """
        import copy, dataclasses, enum, functools, pickle, typing, weakref, gc

        @dataclasses.dataclass
        class Point:
            x: int

        def process(content):
            assert pickle.loads(pickle.dumps(Point(1))) == copy.deepcopy(Point(1))
            gc.collect()
        """,
    "asking the system": """
        import faulthandler, getpass, os, platform, resource, signal, socket, sys, threading, time

        def process(content):
            assert os.cpu_count() and os.getpid() and os.sched_getaffinity(0) and os.getloadavg
            assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss > 0 and platform.machine() and os.uname()
            assert resource.getrlimit(resource.RLIMIT_DATA)[0] > 0
            os.nice(1)
            faulthandler.enable()
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            left, right = socket.socketpair()
            left.sendall(b"abc")
            assert right.recv(3) == b"abc" and os.get_terminal_size
            read, write = os.pipe()
            os.write(write, b"x")
            assert os.read(read, 1) == b"x" and threading.get_native_id()
            signal.setitimer(signal.ITIMER_REAL, 0)
            os.kill(os.getpid(), 0)
        """,
    "protobuf and onnx": """
        import onnx
        import ml_dtypes
        import numpy as np

        def process(content):
            assert onnx.numpy_helper.to_array(onnx.numpy_helper.from_array(np.arange(3))).tolist() == [0, 1, 2]
            assert np.float32(1).astype(ml_dtypes.bfloat16) == 1
        """,
}

# name: (source, what was raised, the explanation's words)


@pytest.mark.parametrize("name", WORKS)
def test_it_works(confined: Zygote, name: str) -> None:
    outcome = run_script(confined, WORKS[name])
    assert (outcome.error, outcome.status) == (None, 0), outcome.traceback or outcome.printed


def test_what_is_printed_is_kept(confined: Zygote) -> None:
    outcome = run_script(confined, WORKS["logging"])
    for said in ("logged", "warned", "printed", "to stderr"):
        assert said in outcome.printed


def test_ordinary_work_prints_no_warnings(confined: Zygote) -> None:
    outcome = run_script(confined, WORKS["scikit-learn"])
    assert not re.search("warn|error", outcome.printed, re.IGNORECASE), outcome.printed
