import { saslHandshakeRequest, saslHandshakeResponse } from '../../protocol/schemas/17-sasl-handshake.ts'
import { describeAclsRequest, describeAclsResponse } from '../../protocol/schemas/29-describe-acls.ts'
import { createAclsRequest, createAclsResponse } from '../../protocol/schemas/30-create-acls.ts'
import { deleteAclsRequest, deleteAclsResponse } from '../../protocol/schemas/31-delete-acls.ts'
import {
  saslAuthenticateRequest,
  saslAuthenticateResponse,
} from '../../protocol/schemas/36-sasl-authenticate.ts'
import {
  createDelegationTokenRequest,
  createDelegationTokenResponse,
} from '../../protocol/schemas/38-create-delegation-token.ts'
import {
  renewDelegationTokenRequest,
  renewDelegationTokenResponse,
} from '../../protocol/schemas/39-renew-delegation-token.ts'
import {
  expireDelegationTokenRequest,
  expireDelegationTokenResponse,
} from '../../protocol/schemas/40-expire-delegation-token.ts'
import {
  describeDelegationTokenRequest,
  describeDelegationTokenResponse,
} from '../../protocol/schemas/41-describe-delegation-token.ts'
import {
  describeUserScramCredentialsRequest,
  describeUserScramCredentialsResponse,
} from '../../protocol/schemas/50-describe-user-scram-credentials.ts'
import {
  alterUserScramCredentialsRequest,
  alterUserScramCredentialsResponse,
} from '../../protocol/schemas/51-alter-user-scram-credentials.ts'
import { saslHandshake } from '../17-sasl-handshake.ts'
import { describeAcls } from '../29-describe-acls.ts'
import { createAcls } from '../30-create-acls.ts'
import { deleteAcls } from '../31-delete-acls.ts'
import { saslAuthenticate } from '../36-sasl-authenticate.ts'
import { createDelegationToken } from '../38-create-delegation-token.ts'
import { renewDelegationToken } from '../39-renew-delegation-token.ts'
import { expireDelegationToken } from '../40-expire-delegation-token.ts'
import { describeDelegationToken } from '../41-describe-delegation-token.ts'
import { describeUserScramCredentials } from '../50-describe-user-scram-credentials.ts'
import { alterUserScramCredentials } from '../51-alter-user-scram-credentials.ts'
import { type ApiHandler, apiHandler } from '../api.ts'

/** SASL, ACLs, delegation tokens and SCRAM credentials. */
export const security: readonly ApiHandler[] = [
  apiHandler(saslHandshakeRequest, saslHandshakeResponse, saslHandshake),
  apiHandler(describeAclsRequest, describeAclsResponse, describeAcls),
  apiHandler(createAclsRequest, createAclsResponse, createAcls),
  apiHandler(deleteAclsRequest, deleteAclsResponse, deleteAcls),
  apiHandler(saslAuthenticateRequest, saslAuthenticateResponse, saslAuthenticate),
  apiHandler(createDelegationTokenRequest, createDelegationTokenResponse, createDelegationToken),
  apiHandler(renewDelegationTokenRequest, renewDelegationTokenResponse, renewDelegationToken),
  apiHandler(expireDelegationTokenRequest, expireDelegationTokenResponse, expireDelegationToken),
  apiHandler(describeDelegationTokenRequest, describeDelegationTokenResponse, describeDelegationToken),
  apiHandler(
    describeUserScramCredentialsRequest,
    describeUserScramCredentialsResponse,
    describeUserScramCredentials,
  ),
  apiHandler(alterUserScramCredentialsRequest, alterUserScramCredentialsResponse, alterUserScramCredentials),
]
