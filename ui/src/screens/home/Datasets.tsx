/** The datasets of the workspace, each with the way to what is known of its rows. */
import { IconChevronRight } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { exported } from "@/api/exported";
import type { WorkspaceSummary } from "@/api/types";
import classes from "@/screens/home/Home.module.css";
import { counted, when } from "@/shared/format";
import { MoreButton } from "@/shared/MoreButton";
import { Panel } from "@/shared/Panel";

const SHOWN = 6;

export function Datasets({ datasets }: { datasets: WorkspaceSummary["datasets"] }) {
  const [isWhole, setWhole] = useState(false);
  if (exported() || datasets.length === 0) return null;
  return (
    <Panel
      title="Datasets"
      says="Is the data sound? Health, labels, duplicates, leaks, drift, coverage and versions of each."
    >
      <ul className={classes.list}>
        {(isWhole ? datasets : datasets.slice(0, SHOWN)).map((item) => (
          <li key={item.ref}>
            <Link
              to="/data/$dataset"
              params={{ dataset: item.ref }}
              className={`${classes.model} ${classes.dataset}`}
            >
              <b>{item.ref}</b>
              <span className="mp-soft">{counted(item.rows, "row")}</span>
              <span className="mp-soft">
                {when(item.created_at)} by {item.created_by}
              </span>
              <IconChevronRight size={16} aria-hidden />
            </Link>
          </li>
        ))}
      </ul>
      <MoreButton
        n={datasets.length}
        shown={SHOWN}
        things="datasets"
        isWhole={isWhole}
        setWhole={setWhole}
      />
    </Panel>
  );
}
