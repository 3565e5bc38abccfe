// Draw each chart in the place of its picture. What can't be drawn keeps its picture.
"use strict";

const ERRORS = 1; // a layer without points, such as a world of one night has, is none
const LEAST_LABEL = 150; // pixels for the name of a row
const LABEL_SHARE = 0.3; // of the chart's width, where there is more
const OPTIONS = { actions: false, ast: true, renderer: "svg", defaultStyle: false, logLevel: ERRORS };

// Of d3-time-format; English is built in.
const MONTHS = Array.from({ length: 12 }, (_, month) => `${month + 1}月`);
const DAYS = [..."日月火水木金土"];
const JAPANESE = {
  dateTime: "%Y年%B%-d日 %X",
  date: "%Y/%m/%d",
  time: "%H:%M:%S",
  periods: ["午前", "午後"],
  days: DAYS.map((day) => `${day}曜日`),
  shortDays: DAYS,
  months: MONTHS,
  shortMonths: MONTHS,
};
if (document.documentElement.lang === "ja") OPTIONS.timeFormatLocale = JAPANESE;

for (const code of document.querySelectorAll(".embed")) {
  const page = code.dataset.page;
  code.textContent = code.textContent.replace(page, new URL(page, location).href);
}

for (const place of document.querySelectorAll(".chart")) {
  const spec = JSON.parse(document.getElementById(place.dataset.spec).textContent);
  spec.config.axis.labelLimit = Math.max(LEAST_LABEL, place.clientWidth * LABEL_SHARE);
  const drawing = document.createElement("div");
  drawing.className = "drawing";
  place.append(drawing);
  window
    .vegaEmbed(drawing, spec, OPTIONS)
    .then(() => place.querySelector("img").remove())
    .catch((error) => {
      drawing.remove();
      console.error(place.dataset.spec, error);
    });
}

// Paper can't be unfolded.
window.addEventListener("beforeprint", () => {
  for (const one of document.querySelectorAll("details:has(table)")) one.open = true;
});
