"""Compiled kernels of the search: one operator a file, all on the arrays of `layout`.

They are compiled without numba's reference counting (``_nrt=False``): passing the named tuples is cheap then, and
nothing may be allocated inside; drivers hand in working memory. The cache on disk does not notice changes in *other*
files: after editing a kernel, delete ``__pycache__/*.nbi`` and ``*.nbc`` here.
"""
