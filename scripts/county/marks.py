"""The words by which everything made says that it is made."""

from __future__ import annotations

COUNTY_CODE = "640424"
COUNTY_NAME = "泾源县"
MADE_BORDER = "合成边界,不可用于任何实际用途"
MADE_DATA = "合成数据,不可用于任何实际用途"
MADE_ROW = "合成"
REAL_ROW = "方案列名；月份、资金与进度为合成"
REAL_TASK = "方案原列任务"
SPLIT_TASK = "按方案点名分解；责任人为合成"
METRIC = "EPSG:4544"
"""CGCS2000, 3° Gauss–Krüger, central meridian 105° E, eastings without a zone number."""
ZONED = "EPSG:4523"
"""The same with the zone number 35 before the easting, as survey offices deliver."""
GEOGRAPHIC = "EPSG:4490"
STAMP = "2023-06-30T00:00:00.000Z"
"""The time that every made file carries: the cut-off of the sample data."""
