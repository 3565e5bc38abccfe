// Draw each chart in the place of its picture. What can't be drawn keeps its picture.
"use strict";

const ERRORS = 1; // a layer without points, such as a world of one night has, is none
const OPTIONS = { actions: false, ast: true, renderer: "svg", defaultStyle: false, logLevel: ERRORS };

for (const place of document.querySelectorAll(".chart")) {
  const spec = JSON.parse(document.getElementById(place.dataset.spec).textContent);
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
