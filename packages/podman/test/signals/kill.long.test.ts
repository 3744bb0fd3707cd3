import { describeSendInContainer } from './send-in-container.ts';

describeSendInContainer('busybox', 'debian');
