/** Three panes beside one another where there is room; one at a time where there is little. */
import { SegmentedControl } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { IconLayoutSidebarRight } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import classes from "@/screens/explore/Layout.module.css";
import { IconAction } from "@/shared/IconAction";
import { Splitter } from "@/shared/Splitter";
import { usePreference } from "@/shared/usePreference";

interface LayoutProps {
  bar: ReactNode;
  left: ReactNode;
  middle: ReactNode;
  right: ReactNode;
}

const PANES = [
  { value: "left", label: "Distributions" },
  { value: "middle", label: "Rows" },
  { value: "right", label: "Selection" },
] as const;

const WIDTH = { left: [220, 900], right: [240, 720] } as const;

export function Layout({ bar, left, middle, right }: LayoutProps) {
  const isNarrow = useMediaQuery("(max-width: 48em)", undefined, {
    getInitialValueInEffect: false,
  });
  const isWide = useMediaQuery("(min-width: 80em)", true, { getInitialValueInEffect: false });
  const [pane, setPane] = useState<string>("left");
  const [leftWidth, setLeft] = usePreference("explore:left", 304);
  const [rightWidth, setRight] = usePreference("explore:right", 304);
  const [open, setOpen] = usePreference<boolean | null>("explore:open", null);
  const isOpen = open ?? isWide;

  if (isNarrow) {
    return (
      <div className={classes.narrow}>
        {bar}
        <SegmentedControl
          fullWidth
          className={classes.switch}
          data={PANES.map((item) => ({ ...item }))}
          value={pane}
          onChange={setPane}
          aria-label="What to show"
        />
        {PANES.map(({ value }) => (
          <div key={value} className={classes.pane} data-pane={value} hidden={value !== pane}>
            {{ left, middle, right }[value]}
          </div>
        ))}
      </div>
    );
  }
  return (
    <div className={classes.screen}>
      {bar}
      <div className={classes.panes}>
        <div className={classes.left} style={{ width: leftWidth }}>
          {left}
        </div>
        <Splitter
          label="Width of the distributions"
          width={leftWidth}
          min={WIDTH.left[0]}
          max={WIDTH.left[1]}
          onChange={setLeft}
        />
        <div className={classes.middle}>
          {middle}
          <div className={classes.toggle}>
            <IconAction
              label="Figures and map of the selection"
              side="end"
              isOn={isOpen}
              onClick={() => setOpen(!isOpen)}
            >
              <IconLayoutSidebarRight size={17} />
            </IconAction>
          </div>
        </div>
        {isOpen && (
          <>
            <Splitter
              label="Width of the selection's pane"
              width={rightWidth}
              min={WIDTH.right[0]}
              max={WIDTH.right[1]}
              isReversed
              onChange={setRight}
            />
            <div className={classes.right} style={{ width: rightWidth }} id="selection-pane">
              {right}
            </div>
          </>
        )}
      </div>
    </div>
  );
}
