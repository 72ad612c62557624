"""Which package to install for a module that isn't there, and the line of a script's header that says so."""

from __future__ import annotations

import re

# Where the package's name isn't the module's. The first one is proposed, the others bring the module as well.
_PACKAGES = {
    "Bio": "biopython",
    "Crypto": "pycryptodome",
    "Cryptodome": "pycryptodomex",
    "Levenshtein": "Levenshtein python-Levenshtein",
    "OpenSSL": "pyOpenSSL",
    "PIL": "pillow",
    "_cffi_backend": "cffi",
    "attr": "attrs",
    "bs4": "beautifulsoup4",
    "cv2": "opencv-python-headless opencv-python opencv-contrib-python-headless opencv-contrib-python",
    "dateutil": "python-dateutil",
    "docx": "python-docx",
    "dotenv": "python-dotenv",
    "faiss": "faiss-cpu",
    "fitz": "PyMuPDF",
    "git": "GitPython",
    "imblearn": "imbalanced-learn",
    "jose": "python-jose",
    "jwt": "PyJWT",
    "magic": "python-magic",
    "mpl_toolkits": "matplotlib",
    "nacl": "PyNaCl",
    "pkg_resources": "setuptools",
    "pptx": "python-pptx",
    "pylab": "matplotlib",
    "pywt": "PyWavelets",
    "serial": "pyserial",
    "skimage": "scikit-image",
    "sklearn": "scikit-learn",
    "slugify": "python-slugify",
    "snappy": "python-snappy",
    "tlz": "toolz",
    "umap": "umap-learn",
    "usb": "pyusb",
    "yaml": "PyYAML",
    "zmq": "pyzmq",
}


def package_of(module: str) -> str:
    """Return the package to install for a module; by default it has its name."""
    return _PACKAGES.get(module, module).split()[0]


def is_known(module: str) -> bool:
    """Tell whether the module is one of a package that people commonly miss."""
    return module in _PACKAGES


def brings(packages: set[str], module: str) -> bool:
    """Tell whether one of these packages, by normalized names, has the module."""
    return any(normalized(name) in packages for name in (module, *_PACKAGES.get(module, module).split()))


def normalized(package: str) -> str:
    """Return the form in which names of packages are compared.

    Source: packaging.python.org, Names and normalization.
    """
    return re.sub(r"[-_.]+", "-", package).lower()


def own_module(module: str) -> str:
    """Return in words what to do where a module is of the script's author."""
    return (
        f"If it is a module of yours, upload '{module}.py' as a helper module and add it to the pipeline's `dataFiles`."
    )


def header_line(module: str) -> str:
    """Return in words what to write into a script's header for a module."""
    return (
        f'Name its package in the script\'s header: `# dependencies = ["{package_of(module)}"]` on a line '
        "between `# /// script` and `# ///`"
    )
