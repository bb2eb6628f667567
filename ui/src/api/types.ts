/** Names of the API's shapes; `schema.ts` is generated from `openapi.json` by `npm run types`. */
import type { components } from "@/api/schema";

type Schemas = components["schemas"];

export type Session = Schemas["Session"];
export type WorkspaceSummary = Schemas["WorkspaceSummary"];
export type Facts = Schemas["EvaluationFacts"];
export type Job = Schemas["Job"];
export type ColumnFacts = Schemas["ColumnFacts"];
export type TagState = Schemas["TagState"];
export type SavedCohort = Schemas["SavedCohort"];
export type CohortFacts = Schemas["CohortFacts"];
export type Exploration = Schemas["Exploration"];
export type Distribution = Schemas["Distribution"];
export type CohortChip = Schemas["CohortChip"];
export type SummaryRow = Schemas["SummaryRow"];
export type TagCount = Schemas["TagCount"];
export type Completion = Schemas["Completion"];
export type Suggestion = Schemas["Suggestion"];
export type RowsPage = Schemas["RowsPage"];
export type Example = Schemas["Example"];
export type ExampleValue = Schemas["ExampleValue"];
export type Neighbour = Schemas["Neighbour"];
