// Draws each payload of a folder as Slack does, and writes a page beside it.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import slack from "slack-blocks-to-jsx";

const folder = process.argv[2];
const style = readFileSync(
  createRequire(import.meta.url).resolve("slack-blocks-to-jsx").replace("index.js", "style.css"),
  "utf8",
);
const logo = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==";
for (const name of readdirSync(folder).filter((each) => each.endsWith(".json"))) {
  const { blocks } = JSON.parse(readFileSync(join(folder, name), "utf8"));
  const drawn = renderToStaticMarkup(
    createElement(slack.Message, { blocks, name: "Lantern", time: new Date(0), logo }),
  );
  writeFileSync(
    join(folder, name.replace(/json$/, "html")),
    `<!doctype html><meta charset="utf-8"><style>${style}</style>${drawn}`,
  );
}
