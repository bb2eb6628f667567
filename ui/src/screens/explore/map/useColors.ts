/** The points' colours: by what they say, faint where the cohort does not have the row. */
import { useComputedColorScheme } from "@mantine/core";
import { useMemo } from "react";
import { useEvaluation } from "@/api/queries";
import type { EmbeddingMap, RowMask } from "@/api/types";
import { useHere } from "@/app/EvaluationFrame";
import { type ColorBy, colorsOf, keysOf } from "@/screens/explore/map/colors";
import { chosenOf, type Points } from "@/screens/explore/map/points";

export function useColors(map: EmbeddingMap, points: Points, by: ColorBy, where: string) {
  const { place } = useHere();
  const scheme = useComputedColorScheme("light");
  const mask = useEvaluation<RowMask>(place, "mask", { where }, { enabled: where !== "" });
  const bits = where === "" ? undefined : mask.data;
  const chosen = useMemo(() => (bits ? chosenOf(points, bits) : null), [points, bits]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the scheme changes what colours are
  const colors = useMemo(
    () => colorsOf(points, map, by, chosen),
    [points, map, by, chosen, scheme],
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: the scheme changes what colours are
  const keys = useMemo(() => keysOf(map, by), [map, by, scheme]);
  return { colors, keys };
}
