// Copies what the pages need out of node_modules into ../static/vendor, with the licences.
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";

const from = new URL("./node_modules/", import.meta.url);
const to = new URL("../static/vendor/", import.meta.url);
const icons = readFileSync(new URL("./icons.txt", import.meta.url), "utf8").split(/\s+/).filter(Boolean);
const read = (path) => readFileSync(new URL(path, from), "utf8");
const version = (name) => JSON.parse(read(`${name}/package.json`)).version;

rmSync(to, { recursive: true, force: true });
mkdirSync(to, { recursive: true });

const css = read("@tabler/core/dist/css/tabler.min.css");
writeFileSync(new URL("tabler.min.css", to), css.replace(/\/\*# sourceMappingURL=.*?\*\/\s*$/, ""));
cpSync(new URL("htmx.org/dist/htmx.min.js", from), new URL("htmx.min.js", to));

const symbols = icons.map((name) => {
  const svg = read(`@tabler/icons/icons/outline/${name}.svg`);
  const paths = svg.match(/<path[^>]*\/>/g).filter((path) => !path.includes('stroke="none"'));
  return `<symbol id="${name}" viewBox="0 0 24 24">${paths.join("")}</symbol>`;
});
writeFileSync(
  new URL("icons.svg", to),
  `<svg xmlns="http://www.w3.org/2000/svg">\n${symbols.join("\n")}\n</svg>\n`,
);

const mit = read("@tabler/icons/LICENSE").replace(/[\s\S]*?(?=Permission is hereby)/, "").trim();
const banner = css.match(/\/\*![\s\S]*?\*\//)[0];
writeFileSync(
  new URL("LICENSES.txt", to),
  [
    `tabler.min.css: @tabler/core ${version("@tabler/core")}\n\n${banner}\n\nMIT License\n\n${mit}`,
    `icons.svg: @tabler/icons ${version("@tabler/icons")}\n\n${read("@tabler/icons/LICENSE").trim()}`,
    `htmx.min.js: htmx.org ${version("htmx.org")}\n\n${read("htmx.org/LICENSE").trim()}`,
  ].join(`\n\n${"-".repeat(80)}\n\n`) + "\n",
);
