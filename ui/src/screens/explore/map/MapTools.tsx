/** What can be done on the map, and what its colours say. */
import {
  IconArrowsMove,
  IconFocusCentered,
  IconLasso,
  IconSquareDashed,
} from "@tabler/icons-react";
import type { ColorBy, Key } from "@/screens/explore/map/colors";
import classes from "@/screens/explore/map/MapPanel.module.css";
import type { Tool } from "@/screens/explore/map/usePointer";
import { IconAction } from "@/shared/IconAction";

interface MapToolsProps {
  tool: Tool;
  onTool: (tool: Tool) => void;
  onFit: () => void;
  onTakeView: () => void;
}

export function MapTools({ tool, onTool, onFit, onTakeView }: MapToolsProps) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a <fieldset> is for forms
    <div className={classes.tools} role="group" aria-label="Map">
      <IconAction
        label="Draw around rows to select them"
        isOn={tool === "lasso"}
        onClick={() => onTool("lasso")}
      >
        <IconLasso size={17} />
      </IconAction>
      <IconAction
        label="Move the map (or hold Shift)"
        isOn={tool === "move"}
        onClick={() => onTool("move")}
      >
        <IconArrowsMove size={17} />
      </IconAction>
      <IconAction label="Select what is in view" onClick={onTakeView}>
        <IconSquareDashed size={17} />
      </IconAction>
      <IconAction label="Show the whole map (0)" side="end" onClick={onFit}>
        <IconFocusCentered size={17} />
      </IconAction>
    </div>
  );
}

interface LegendProps {
  by: ColorBy;
  coded: string;
  keys: readonly Key[];
  onBy: (by: ColorBy) => void;
}

export function Legend({ by, coded, keys, onBy }: LegendProps) {
  return (
    <div className={classes.legend}>
      <label>
        Colour{" "}
        <select
          className={classes.select}
          value={by}
          onChange={(event) => onBy(event.currentTarget.value as ColorBy)}
        >
          <option value="error">errors</option>
          {coded !== "" && <option value="class">{coded}</option>}
        </select>
      </label>
      {keys.map(({ name, color }) => (
        <span key={name} className={classes.key}>
          <i style={{ background: color }} aria-hidden /> {name}
        </span>
      ))}
    </div>
  );
}
