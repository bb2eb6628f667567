/** A status as a mark and a word, so that the colour is not all that tells it. */
import {
  IconCircle,
  IconCircleCheck,
  IconCircleDashed,
  IconProgress,
  IconRotate,
} from "@tabler/icons-react";
import classes from "@/screens/problems/Problems.module.css";
import { STATUS, type Status } from "@/screens/problems/problems";

const MARKS = {
  open: IconCircle,
  fixing: IconProgress,
  fixed: IconCircleCheck,
  reopened: IconRotate,
  accepted: IconCircleDashed,
};

export function StatusWord({ status }: { status: string }) {
  const known = status as Status;
  const Mark = MARKS[known] ?? IconCircle;
  return (
    <span className={classes.status} data-status={status} title={STATUS[known]?.says}>
      <Mark size={16} aria-hidden /> {status}
    </span>
  );
}
