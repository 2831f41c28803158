"""What the packages of a trials' Python do in a trial, and what preloading them saves.

    python tests/perf/packages.py [PYTHON]

Runs a small solution for each package at the default limits, first without and then with the
package preloaded. Prints the verdict, milliseconds of CPU time of the tests' run and of the clock
for the whole trial (with its control and stub runs), the least of five each, and peak memory.
"""

import asyncio
import sys
import time
from pathlib import Path

from kodgen import config
from kodgen.sandbox import Sandbox

TIMES = 5
USES = {
    "numpy": "import numpy as np\ndef f():\n    return round(float(np.linalg.det(np.eye(3) * 2)), 6)",
    "pandas": "import pandas as pd\ndef f():\n    d = pd.DataFrame({'a': [1, 1, 2], 'b': [3.0, 4.0, 1.0]})\n    return float(d.groupby('a').sum().b.max() + 1)",
    "scipy.optimize": "from scipy.optimize import brentq\ndef f():\n    return round(brentq(lambda x: x ** 3 - 512, 0, 100), 6)",
    "sklearn.linear_model": "from sklearn.linear_model import LinearRegression\ndef f():\n    m = LinearRegression().fit([[1], [2], [3]], [2, 4, 6])\n    return round(float(m.predict([[4]])[0]), 6)",
    "sympy": "import sympy\ndef f():\n    x = sympy.symbols('x')\n    return int(max(sympy.solve(x ** 2 - 7 * x - 8, x)))",
    "requests": "import requests\ndef f():\n    return len(requests.Request('GET', 'http://a/', params={'b': 1}).prepare().path_url) + 3",
    "bs4": "from bs4 import BeautifulSoup\ndef f():\n    return len(BeautifulSoup('<p><b>8</b></p>', 'html.parser').find_all('b')) * 8",
    "lxml.etree": "from lxml import etree\ndef f():\n    return int(etree.fromstring('<a><b>8</b></a>').find('b').text)",
    "matplotlib.pyplot": "import io\nimport matplotlib.pyplot as plt\ndef f():\n    figure, axes = plt.subplots()\n    axes.plot([1, 2, 3])\n    axes.set_title('title')\n    data = io.BytesIO()\n    figure.savefig(data, format='png')\n    return data.getvalue()[1:4].count(b'PNG') * 8",
    "seaborn": "import seaborn as sns\ndef f():\n    return len(sns.barplot(x=['a', 'b'], y=[1, 2]).patches) * 4",
    "statsmodels.api": "import statsmodels.api as sm\ndef f():\n    return round(float(sm.OLS([2.0, 4.0, 6.0], [[1.0], [2.0], [3.0]]).fit().params[0]) * 4, 6)",
    "networkx": "import networkx as nx\ndef f():\n    return nx.shortest_path_length(nx.path_graph(9), 0, 8)",
    "PIL.Image": "from PIL import Image\ndef f():\n    return Image.new('RGB', (16, 8)).resize((4, 8)).size[1]",
    "flask": "import flask\ndef f():\n    app = flask.Flask('app')\n    app.route('/')(lambda: '8')\n    return int(app.test_client().get('/').text)",
}
TEST = "from solution import f\n\n\ndef test_f():\n    assert f() == 8\n"


async def measure(python: Path | None, preload: tuple[str, ...], name: str) -> str:
    limits = config.Sandbox(workers=1, python=python, preload=preload)
    async with Sandbox(limits) as sandbox:
        whole, alone, memory = [], [], 0
        for _ in range(TIMES):
            started = time.perf_counter()
            verdict = await sandbox.run(USES[name], TEST)
            whole.append(time.perf_counter() - started)
            seen = verdict.observed
            alone.append(seen.cpu_seconds if seen is not None else 0.0)
            memory = max(memory, seen.peak_memory_bytes if seen is not None else 0)
    said = verdict.outcome if verdict.passed else f"{verdict.outcome}/{verdict.reason}"
    if not verdict.passed and seen is not None:
        print(name, seen.message)
    return f"{said:<8} {min(alone) * 1e3:8.0f} {min(whole) * 1e3:8.0f} {memory / 2**20:8.0f}"


async def main() -> None:
    python = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    columns = f"{'verdict':<8} {'run CPU':>8} {'trial':>8} {'MiB':>8}"
    print(f"{'':<22} {'without':<35}   preloaded\n{'package':<22} {columns}   {columns}")
    for name in USES:
        without = await measure(python, (), name)
        print(f"{name:<22} {without}   {await measure(python, (name,), name)}", flush=True)
    for name in ("numpy", "matplotlib.pyplot"):
        print(f"{name + ' of all':<22} {'':<35}   {await measure(python, tuple(USES), name)}")


if __name__ == "__main__":
    asyncio.run(main())
