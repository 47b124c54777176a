import { describeCustomerStore } from '../../contracts/customer-store.contract.js';
import { createLmdbData } from './lmdb-data.js';

describeCustomerStore('The embedded store', createLmdbData);
