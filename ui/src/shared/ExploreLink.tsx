/** A link to the rows of a cohort, inside the cohort that the screen looks at. */
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { one } from "@/app/address";
import { useHere } from "@/app/EvaluationFrame";
import { useSearch } from "@/app/useSearch";
import { allOf } from "@/shared/cohortText";
import classes from "@/shared/ExploreLink.module.css";

interface ExploreLinkProps {
  where?: string;
  orderBy?: string;
  children: ReactNode;
  label?: string;
  className?: string;
}

export function ExploreLink({ where, orderBy, children, label, className }: ExploreLinkProps) {
  const { place } = useHere();
  const { search } = useSearch();
  const cohort = where === "TRUE" ? "" : where;
  const inside = allOf(one(search, "where"), cohort);
  return (
    <Link
      to="/e/$model/$dataset/explore"
      params={place}
      search={{ where: inside || undefined, order_by: orderBy } as never}
      aria-label={label}
      className={className ?? classes.link}
    >
      {children}
    </Link>
  );
}
