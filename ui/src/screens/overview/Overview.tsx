import { Loading } from "@/app/states";

export function Overview() {
  return <Loading />;
}
