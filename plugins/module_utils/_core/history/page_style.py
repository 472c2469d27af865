# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the page of a run looks: light and dark, from a phone's width on."""

from __future__ import annotations

STYLE = """
:root {
  color-scheme: light dark;
  --ink: #16202b; --dim: #536170; --paper: #f4f6f8; --card: #fff; --line: #d8dfe6; --rest: #eef1f4;
  --blue: #2563eb; --green: #12803f; --nobody: #a16207; --blue-area: #3f78ee; --green-area: #2f9e5f; --good: #137a3e;
  --warn: #a14a00; --bad: #c0261c; --idle: #536170;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ink: #e8edf2; --dim: #9dabb9; --paper: #0d1218; --card: #161d26; --line: #2c3744; --rest: #202a35;
    --blue: #6ea8ff; --green: #4bd488; --nobody: #d9a83a; --blue-area: #4a86e8; --green-area: #2c9a5f;
    --good: #4ade80; --warn: #ffb15c; --bad: #ff867c; --idle: #9dabb9;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body {
  margin: 0; padding: 24px 16px 48px; background: var(--paper); color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  overflow-wrap: anywhere; font-variant-numeric: tabular-nums;
}
article { max-width: 960px; margin: 0 auto 40px; }
section, .head { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 20px 24px;
  margin: 0 0 16px; }
h1, h2, p, dl, dd, ol, ul, figure { margin: 0; padding: 0; }
ol, ul { list-style: none; }
h2 { font-size: 17px; margin-bottom: 12px; }
.good { --tone: var(--good); } .warn { --tone: var(--warn); } .bad { --tone: var(--bad); }
.idle { --tone: var(--idle); }
.head { border-top: 5px solid var(--tone); }
.kicker { color: var(--dim); }
h1 { font-size: 30px; line-height: 1.2; color: var(--tone); margin: 2px 0 10px; }
.versions { font-size: 19px; font-weight: 600; }
.versions i { font-style: normal; color: var(--dim); font-weight: 400; padding: 0 6px; }
.chip { display: inline-block; padding: 0 9px; border-radius: 6px; border: 1.5px solid currentColor; }
.chip.blue { color: var(--blue); } .chip.green { color: var(--green); } .chip.nobody { color: var(--dim); }
.message { margin-top: 12px; max-width: 75ch; }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(130px, 1fr)); gap: 12px 20px;
  margin-top: 18px; }
.facts div { border-left: 3px solid var(--line); padding-left: 10px; }
.facts dt, small, figcaption em { color: var(--dim); font-size: 13px; font-style: normal; font-weight: 400; }
.facts dd { font-size: 20px; font-weight: 600; line-height: 1.3; }
.facts .bad dd, figcaption em.bad { color: var(--bad); }
.legend { display: flex; flex-wrap: wrap; gap: 4px 20px; margin-bottom: 14px; }
.legend i { display: inline-block; width: 13px; height: 13px; border-radius: 3px; margin-right: 7px;
  vertical-align: -1px; }
.legend .blue { background: var(--blue-area); } .legend .green { background: var(--green-area); }
.legend .nobody { background: var(--nobody); }
.legend .failure { width: 0; border-radius: 0; border-left: 2px dashed var(--bad); margin: 0 10px 0 6px; }
figure { margin-bottom: 18px; }
figcaption { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0 8px; margin-bottom: 10px; }
figcaption em { margin-left: auto; }
.plot, .axis { display: grid; grid-template-columns: 46px 1fr; gap: 8px; }
.scale { display: flex; flex-direction: column; justify-content: space-between; text-align: right; margin: -8px 0;
  white-space: nowrap; }
.scale, .ticks { font-size: 12px; line-height: 16px; color: var(--dim); }
.weight .plot { margin-top: 28px; }
.drawing { position: relative; }
svg { display: block; width: 100%; height: 96px; overflow: visible; }
.weight svg { height: 84px; }
.drawing span { position: absolute; top: -20px; font-size: 12px; line-height: 16px; font-weight: 700;
  white-space: nowrap; }
.drawing .blue { color: var(--blue); } .drawing .green { color: var(--green); }
.axis { margin-top: -12px; }
.ticks { grid-column: 2; position: relative; height: 18px; }
.ticks span { position: absolute; transform: translateX(-50%); white-space: nowrap; }
.ticks span:first-child { transform: none; }
path { vector-effect: non-scaling-stroke; fill: none; }
.grid { stroke: var(--line); stroke-width: 1; }
.area.blue { fill: var(--blue-area); } .area.green { fill: var(--green-area); } .area.nobody { fill: var(--nobody); }
.line { stroke-width: 2.2; stroke-linejoin: round; stroke-linecap: round; }
.line.blue { stroke: var(--blue); } .line.green { stroke: var(--green); }
.halo { stroke: var(--card); stroke-width: 4; }
.mark { stroke: var(--dim); stroke-width: 1.2; stroke-dasharray: 2 2; }
.mark.failure { stroke: var(--bad); stroke-width: 2; stroke-dasharray: 5 3; }
.tip { fill: transparent; }
.tip:hover { fill: var(--ink); fill-opacity: .12; }
.stages li { display: grid; grid-template-columns: 26px minmax(0, 1fr) auto; gap: 0 10px; padding: 9px 0;
  border-top: 1px solid var(--line); }
.stages li:first-child { border-top: 0; }
.stages .sign { color: var(--tone); font-weight: 700; text-align: center; }
.stages .took { color: var(--dim); white-space: nowrap; }
.stages p { color: var(--dim); font-size: 14px; }
.stages .bad p { color: var(--ink); }
.stages .skipped { color: var(--dim); }
.track { display: block; grid-column: 2 / 4; height: 4px; border-radius: 2px; background: var(--rest);
  margin-top: 6px; position: relative; }
.track i { position: absolute; top: 0; bottom: 0; min-width: 3px; border-radius: 2px; background: var(--tone); }
.more { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 4px 20px; }
.more dt { color: var(--dim); }
footer { max-width: 960px; margin: 0 auto; color: var(--dim); font-size: 13px; }
@media (max-width: 560px) {
  body { padding: 10px 8px 32px; font-size: 14px; }
  section, .head { padding: 14px; }
  h1 { font-size: 25px; }
  .versions { font-size: 17px; }
  .facts { grid-template-columns: 1fr 1fr; }
  .plot, .axis { grid-template-columns: 40px 1fr; gap: 6px; }
  .more { grid-template-columns: 1fr; gap: 0; }
  .more dd { margin-bottom: 8px; }
  .drawing .crowded { display: none; }
}
@media print { body { background: none; padding: 0; } section, .head { break-inside: avoid; } }
"""
