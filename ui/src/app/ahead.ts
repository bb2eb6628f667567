/** The first answers are asked for before React has drawn anything. */
import { askAhead, askEvaluationAhead } from "@/api/queries";
import { one, parseSearch } from "@/app/address";
import { PARTS } from "@/screens/overview/parts";

/** Ask for what the screen at the address will ask for first. */
export function lookAhead(at: Location, base: string) {
  const path = at.pathname.slice(new URL(base).pathname.length);
  const [, model, dataset, screen] = /^e\/([^/]+)\/([^/]+)(?:\/([^/]*))?/.exec(path) ?? [];
  if (!model || !dataset) return askAhead(undefined);
  const place = { model: decodeURIComponent(model), dataset: decodeURIComponent(dataset) };
  askAhead(place);
  if (screen === "overview") {
    const where = one(parseSearch(at.search), "where");
    askEvaluationAhead(place, "overview", { where, parts: PARTS.quality });
  }
}
