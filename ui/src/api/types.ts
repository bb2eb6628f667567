/** Names of the API's shapes; `schema.ts` is generated from `openapi.json` by `npm run types`. */
import type { components } from "@/api/schema";

type Schemas = components["schemas"];

export type Session = Schemas["Session"];
export type WorkspaceSummary = Schemas["WorkspaceSummary"];
export type Facts = Schemas["EvaluationFacts"];
export type Job = Schemas["Job"];
