/** A link to the rows of a cohort, whatever cohort the screen looks at. */
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useHere } from "@/app/EvaluationFrame";
import classes from "@/shared/ExploreLink.module.css";

interface CohortLinkProps {
  where: string;
  title?: string;
  className?: string | undefined;
  children: ReactNode;
}

export function CohortLink({ where, title, className, children }: CohortLinkProps) {
  const { place } = useHere();
  return (
    <Link
      to="/e/$model/$dataset/explore"
      params={place}
      search={{ where } as never}
      title={title}
      className={`${classes.link} ${className ?? ""}`}
    >
      {children}
    </Link>
  );
}
