/** Shapes of the answers to "why?", until the generated types have them. */
import type { Scalar } from "@/shared/values";

export type Value = Scalar;

export interface Queries {
  calls: number;
  rows: number;
  remembered: number;
  failed: number;
  seconds: number | null;
  is_spent: boolean;
  failure: string;
}

export interface Source {
  of: string;
  where: string;
  n: number;
}

export interface ExplanationFacts {
  method: string;
  why: string;
  is_exact: boolean;
  output: string;
  base: number | null;
  additivity_error: number | null;
  sampling_error: number | null;
  facts: Readonly<Record<string, unknown>>;
  asked: number;
  n: number;
  kept: number;
  model_calls: number;
  model_rows: number;
  model_seconds: number | null;
  failed: number;
  failure: string;
  is_budget_spent: boolean;
  seconds: number | null;
}

export interface Attribution {
  feature: string;
  value: unknown;
  attribution: number | null;
  low: number | null;
  high: number | null;
  start: number;
  end: number;
}

export interface LocalExplanation {
  rows: readonly Attribution[];
  row: number;
  id: unknown;
  prediction: Value;
  label: Value;
  base: number | null;
  output: number | null;
  about: ExplanationFacts;
  source: Source;
  text: string;
}

export interface Importance {
  feature: string;
  importance: number | null;
  low: number | null;
  high: number | null;
  n: number;
  share: number | null;
  mean: number | null;
  rest: number | null;
  rest_low: number | null;
  rest_high: number | null;
  rest_n: number;
  difference: number | null;
  difference_low: number | null;
  difference_high: number | null;
  p_adjusted: number | null;
}

export interface Misleading {
  feature: string;
  push: number | null;
  low: number | null;
  high: number | null;
  n: number;
  worth: number | null;
  worth_low: number | null;
  worth_high: number | null;
  others: number | null;
  p_adjusted: number | null;
  direction: string;
  sentence: string;
}

export interface Mispredictive {
  rows: readonly Misleading[];
  source: Source;
  tested: number;
  n: number;
  wrong: number;
  worth: number | null;
  note: string;
}

export interface CurvePoint {
  curve: string;
  share: number | null;
  value: number | null;
  low: number | null;
  high: number | null;
  n: number;
}

export interface Faithfulness {
  rows: readonly CurvePoint[];
  source: Source;
  deletion: number | null;
  deletion_low: number | null;
  deletion_high: number | null;
  insertion: number | null;
  insertion_low: number | null;
  insertion_high: number | null;
  scale: string;
  n: number;
}

export interface Explanation {
  rows: readonly Importance[];
  about: ExplanationFacts;
  source: Source;
  mispredictive: Mispredictive | null;
  faithfulness: Faithfulness | null;
  note: string;
}

export interface DependencePoint {
  value: string;
  first: Value;
  last: Value;
  attribution: number | null;
  low: number | null;
  high: number | null;
  spread: number | null;
  n: number;
}

export interface Dependence {
  rows: readonly DependencePoint[];
  feature: string;
  output: string;
  source: Source;
  note: string;
}

export interface Change {
  column: string;
  before: unknown;
  after: unknown;
}

export interface Chance {
  name: Value;
  value: number | null;
}

export interface Variant {
  variant: number;
  changes: readonly Change[];
  prediction: Value;
  is_flipped: boolean;
  shift: number | null;
  confidence: number | null;
  loss: number | null;
  probabilities: readonly Chance[];
  note: string;
}

export interface OtherRow {
  row: number;
  id: unknown;
  distance: number | null;
  prediction: Value;
  label: Value;
  differences: readonly Change[];
}

export interface WhatIf {
  rows: readonly Variant[];
  row: number;
  id: unknown;
  label: Value;
  nearest: OtherRow | null;
  queries: Queries;
  source: Source;
  note: string;
}

export interface FlipPoint {
  column: string;
  direction: string;
  value: unknown;
  at: unknown;
  still: unknown;
  flips: boolean;
  prediction: Value;
  probability: number | null;
  distance: number | null;
  passed: number | null;
}

export interface FlipPoints {
  rows: readonly FlipPoint[];
  row: number;
  id: unknown;
  prediction: Value;
  target: string;
  queries: Queries;
  source: Source;
  note: string;
}

export interface Counterfactual {
  row: number;
  id: unknown;
  answer: number;
  changes: readonly Change[];
  before: Value;
  prediction: Value;
  probability: number | null;
  distance: number | null;
  changed: number;
  plausibility: number | null;
  nearest: number | null;
}

export interface Counterfactuals {
  rows: readonly Counterfactual[];
  target: string;
  asked: number;
  found: number;
  skipped: number;
  success: number | null;
  low: number | null;
  high: number | null;
  invalid: number;
  queries: Queries;
  seconds: number | null;
  source: Source;
  note: string;
}

export interface WordEdit {
  kind: string;
  before: string;
  after: string;
}

export interface TextEdit {
  row: number;
  id: unknown;
  text: string;
  edited: string;
  edits: readonly WordEdit[];
  changed: number;
  similarity: number | null;
  before: Value;
  prediction: Value;
  probability: number | null;
  queries: number;
}

export interface TextEdits {
  rows: readonly TextEdit[];
  column: string;
  target: string;
  kinds: readonly string[];
  likeness: string;
  least_similarity: number | null;
  asked: number;
  found: number;
  skipped: number;
  success: number | null;
  queries_per_row: number | null;
  queries: Queries;
  source: Source;
  note: string;
}

export interface EffectPoint {
  value: unknown;
  other: unknown;
  effect: number | null;
  low: number | null;
  high: number | null;
  n: number;
  rows: number;
  share: number | null;
  has_data: boolean;
}

export interface EffectCurve {
  row: number;
  effects: readonly (number | null)[];
}

export interface Effects {
  rows: readonly EffectPoint[];
  feature: string;
  other: string;
  kind: string;
  measure: string;
  baseline: number | null;
  curves: readonly EffectCurve[];
  queries: Queries;
  source: Source;
  note: string;
}

export interface Flip {
  value: Value;
  other: Value;
  n: number;
  flips: number;
  share: number | null;
  low: number | null;
  high: number | null;
  gained: number;
  lost: number;
  shift: number | null;
  shift_low: number | null;
  shift_high: number | null;
}

export interface Flips {
  rows: readonly Flip[];
  column: string;
  measure: string;
  n: number;
  flips: number;
  share: number | null;
  low: number | null;
  high: number | null;
  largest_shift: number | null;
  is_input: boolean;
  queries: Queries;
  source: Source;
  note: string;
}
