import { describeContainerRoutes } from './contract/container-routes.ts';

describeContainerRoutes('debian', 'plain');
